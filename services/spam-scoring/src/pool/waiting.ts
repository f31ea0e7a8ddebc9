/** A message that waits for its score. */
import type { ContentScore, ContentToScore } from '../score-content.ts'

export interface Waiting {
  readonly message: ContentToScore
  /** Which takes turns with others. */
  readonly application: string
  readonly isWanted: () => boolean
  readonly resolve: (score: ContentScore) => void
  readonly reject: (error: Error) => void
}
