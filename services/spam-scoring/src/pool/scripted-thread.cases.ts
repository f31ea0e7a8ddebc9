/** A scoring thread that does what the first word of the content says: `die`, `hang`, `fail`, or score its length. */
import { parentPort, workerData } from 'node:worker_threads'
import { type Batch, type FromThread, unpackMessage } from './batch.ts'

const say = (message: FromThread): void => parentPort?.postMessage(message)

if (workerData === 'refuses') say({ kind: 'refused', code: 'MODEL_UNUSABLE', message: 'no model' })
else if (workerData === 'dies') process.exit(7)
else {
  parentPort?.on('message', (batch: Batch) => {
    for (const packed of batch.messages) {
      const { number, message } = unpackMessage(batch, packed)
      const [word = ''] = Buffer.from(message.content).toString('latin1').split(' ', 1)
      if (word === 'die') process.exit(3)
      while (word === 'hang') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)
      const score = word === 'fail' ? 'a rule failed' : { points: message.content.byteLength, reasons: [] }
      say({ kind: 'scored', scores: [{ number, score }] })
    }
  })
  say({ kind: 'ready' })
}
