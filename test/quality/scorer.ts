/** What is measured: anything that gives messages a score, ours or a peer. */
import type { Example } from './corpus.ts'

export interface Scorer {
  /** Names the scores in the tables and in the cache. */
  readonly name: string
  /** Above this it calls a message spam when nobody sets it otherwise. */
  readonly defaultThreshold: number
  /** Whether training changes its scores. */
  readonly learns: boolean
  /** About ten messages a second: it only gets the samples. */
  readonly isSlow: boolean
  /** Changes whenever it would score otherwise: a part of the key of its cached scores. */
  readonly version: string
  /** Ready to score, after having learned from these (given in an order that mixes the classes). */
  start(training: readonly Example[]): Promise<RunningScorer>
}

export interface RunningScorer {
  /** The higher the more it is spam; no limits. Fails when there is no score. */
  score(content: Uint8Array): Promise<number>
  /** CPU seconds, user and system, that scoring has taken so far, in all its processes. */
  cpuSeconds(): number
  /** Proportional set size of all its processes, MiB. */
  memoryMib(): Promise<number>
  stop(): Promise<void>
}
