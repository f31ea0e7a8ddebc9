/** What is measured: anything that gives messages a score, ours or a peer. */
import type { Example } from './corpus.ts'

export interface Scorer {
  /** Names the scores in the tables and in the cache. */
  readonly name: string
  /** Above this it calls a message spam when nobody sets it otherwise. */
  readonly defaultThreshold: number
  /** Changes whenever it would score otherwise: the key of its cached scores. */
  readonly version: string
  /** Ready to score, after having learned from these; called once. */
  start(training: readonly Example[]): Promise<RunningScorer>
}

export interface RunningScorer {
  /** The higher the more it is spam; no limits. Fails when there is no score. */
  score(content: Uint8Array): Promise<number>
  /** CPU seconds, user and system, of all its processes so far. */
  cpuSeconds(): number
  /** Proportional set size of all its processes, MiB. */
  memoryMib(): number
  stop(): Promise<void>
}
