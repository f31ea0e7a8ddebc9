/** A trained model: weights, calibration, and where it comes from. */
import type { Weights } from './weights.ts'

/** log odds = `slope` × margin + `shift`, for spam and ham equally frequent (Platt scaling). */
export interface Calibration {
  readonly slope: number
  readonly shift: number
}

/** For people who ask what a model is. */
export interface ModelOrigin {
  /** As it was given to the training command, e.g. `2026-01-31`. */
  readonly date: string
  readonly sources: readonly { readonly name: string; readonly ham: number; readonly spam: number }[]
  /** One sentence. */
  readonly note: string
}

export interface SpamModel {
  readonly featureVersion: number
  readonly weights: Weights
  readonly calibration: Calibration
  readonly origin: ModelOrigin
}
