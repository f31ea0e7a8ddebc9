/** One scoring thread, seen from the thread that carries mail: what it has, whether it lives, and its replacement when it dies. */
import { Worker } from 'node:worker_threads'
import type { ErrorCode } from '@sallyport/contracts'
import { errorTable, RenewedMap, SallyportError } from '@sallyport/contracts/basics'
import type { Clock } from '@sallyport/runtime'
import { EngineUnavailable } from '../engines/engine-unavailable.ts'
import { type FromThread, type NumberedMessage, packBatch } from './batch.ts'
import type { FairLine } from './fair-line.ts'
import type { Waiting } from './waiting.ts'

export interface ThreadOptions {
  readonly modelPath: string
  /** Default the scorer's own. */
  readonly threadFile?: URL
  /** A thread that says nothing for so long while it has messages is ended. Default 10 s. */
  readonly stalledMs?: number
  readonly clock: Pick<Clock, 'elapsed'>
  /** Told when it can take more. */
  readonly onRoom: () => void
  /** Told when it died, with the number of messages that it had. They have failed by then. */
  readonly onDeath: (reason: string, lost: number) => void
}

export interface ScoringThread {
  /** Resolves when it is ready for the first time. Fails where the model cannot be used. */
  readonly started: Promise<void>
  readonly isReady: boolean
  /** It died again and again without ever being ready. */
  readonly isHopeless: boolean
  /** Messages that it has. */
  readonly load: number
  readonly hasRoom: boolean
  /** Takes as many whose turn it is as go into one batch; leaves out who no longer waits. */
  take(line: FairLine): void
  stop(): Promise<void>
}

/**
 * While a batch is scored the next is on its way. What the thread has cannot be overtaken: so few that who comes next waits some
 * milliseconds at most, and enough that the cost of a batch (some 20 µs) is shared.
 */
const maxLoad = 12
const maxBatchMessages = 6
const maxBatchBytes = 2 ** 20
/** A thread that needs more is ended by its heap's limit, and the process lives. */
const resourceLimits = { maxOldGenerationSizeMb: 512 }
const [firstRestartMs, maxRestartMs, hopelessAfter] = [100, 5000, 3]
const scorerFile = new URL('./scoring-thread.ts', import.meta.url)

export function scoringThread(options: ThreadOptions): ScoringThread {
  const { modelPath, threadFile = scorerFile, stalledMs = 10_000, clock, onRoom, onDeath } = options
  const started = Promise.withResolvers<void>()
  started.promise.catch(() => undefined)
  const had = new RenewedMap<number, Waiting>()
  let worker: Worker | undefined
  let isReady = false
  let isStopped = false
  let failedStarts = 0
  let number = 0
  let heardMs = 0
  let restart: NodeJS.Timeout | undefined
  const watch = setInterval(() => {
    if (had.size > 0 && clock.elapsed() - heardMs > stalledMs) died(worker, `it said nothing for ${stalledMs} ms`)
  }, stalledMs / 4)
  watch.unref()

  function start(): void {
    const mine = new Worker(threadFile, { workerData: modelPath, resourceLimits })
    worker = mine
    mine.on('message', (message: FromThread) => hear(mine, message))
    mine.on('error', (error: unknown) => died(mine, String(error instanceof Error ? error.message : error)))
    mine.on('exit', (code) => died(mine, `exit code ${code}`))
  }

  function hear(mine: Worker, message: FromThread): void {
    if (mine !== worker) return
    heardMs = clock.elapsed()
    switch (message.kind) {
      case 'ready':
        isReady = true
        failedStarts = 0
        started.resolve()
        onRoom()
        break
      case 'refused':
        started.reject(refusal(message))
        died(mine, message.message)
        break
      case 'scored':
        for (const { number: of, score } of message.scores) {
          const one = had.get(of)
          had.delete(of)
          if (typeof score === 'string') one?.reject(new Error(`the scorer failed: ${score}`))
          else one?.resolve(score)
        }
        if (had.size < maxLoad) onRoom()
    }
  }

  function died(mine: Worker | undefined, reason: string): void {
    if (mine === undefined || mine !== worker) return
    worker = undefined
    void mine.terminate()
    if (!isReady) failedStarts += 1
    isReady = false
    const lost = [...had.values()]
    had.clear()
    for (const one of lost) one.reject(new EngineUnavailable('failed', `the scoring thread died: ${reason}`))
    started.reject(new EngineUnavailable('failed', `the scoring thread died: ${reason}`))
    if (isStopped) return
    restart = setTimeout(start, Math.min(maxRestartMs, firstRestartMs * 2 ** failedStarts))
    onDeath(reason, lost.length)
  }

  start()
  return {
    started: started.promise,
    get isReady() {
      return isReady
    },
    get isHopeless() {
      return failedStarts >= hopelessAfter
    },
    get load() {
      return had.size
    },
    get hasRoom() {
      return isReady && had.size < maxLoad
    },
    take(line) {
      const batch = nextBatch(line)
      if (batch.length === 0) return
      const messages = batch.map((one): NumberedMessage => {
        number += 1
        had.set(number, one)
        return { number, message: one.message }
      })
      if (had.size === messages.length) heardMs = clock.elapsed()
      const packed = packBatch(messages)
      worker?.postMessage(packed, [packed.bytes.buffer])
    },
    async stop() {
      isStopped = true
      clearInterval(watch)
      clearTimeout(restart)
      const last = worker
      died(last, 'it is stopped')
      await last?.terminate()
    },
  }
}

function nextBatch(line: FairLine): Waiting[] {
  const batch: Waiting[] = []
  let bytes = 0
  while (batch.length < maxBatchMessages && bytes < maxBatchBytes) {
    const one = line.next()
    if (one === undefined) break
    if (one.isWanted()) {
      batch.push(one)
      bytes += one.message.content.byteLength
    } else one.reject(new EngineUnavailable('called-off', 'nobody waits for the score any longer'))
  }
  return batch
}

const refusal = ({ code, message }: { readonly code: string | undefined; readonly message: string }): Error =>
  code !== undefined && code in errorTable ? new SallyportError(code as ErrorCode, message) : new Error(message)
