/** A scoring thread: reads the model, then scores one batch after the other. */
import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { readModel } from '../model/model-file.ts'
import type { SpamModel } from '../model/spam-model.ts'
import { scoreContent } from '../score-content.ts'
import { type Batch, type FromThread, type Scored, unpackMessage } from './batch.ts'

/** What is scored is told at least so often, so that the first of a batch does not wait for its last. */
const tellMs = 4

const port = parentPort
if (port === null) throw new Error('this file runs in a thread')
const say = (message: FromThread): void => port.postMessage(message)

try {
  const model = readModel(readFileSync(String(workerData)))
  port.on('message', (batch: Batch) => scoreBatch(model, batch))
  say({ kind: 'ready' })
} catch (error) {
  const { code, message } = error as Error & { readonly code?: string }
  say({ kind: 'refused', code, message })
}

function scoreBatch(model: SpamModel, batch: Batch): void {
  let scores: Scored[] = []
  let toldMs = performance.now()
  for (const packed of batch.messages) {
    const { number, message } = unpackMessage(batch, packed)
    try {
      scores.push({ number, score: scoreContent(model, message) })
    } catch (error) {
      scores.push({ number, score: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
    const nowMs = performance.now()
    if (nowMs - toldMs < tellMs) continue
    say({ kind: 'scored', scores })
    scores = []
    toldMs = nowMs
  }
  if (scores.length > 0) say({ kind: 'scored', scores })
}
