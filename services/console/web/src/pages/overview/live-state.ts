/** What the overview remembers of the live stream. */
import type { LiveEvent, Overview } from '@sallyport/contracts'

export interface Live {
  readonly isConnected: boolean
  readonly overview: Overview | undefined
  /** The newest first. */
  readonly mails: readonly LiveEvent[]
  /** Messages a second, oldest first: one figure for each overview of the last two minutes. */
  readonly history: readonly {
    readonly at: number
    readonly received: number
    readonly delivered: number
    readonly refused: number
  }[]
}

export type LiveChange =
  | { readonly kind: 'overview'; readonly overview: Overview }
  | { readonly kind: 'mail'; readonly mail: LiveEvent }

const keptMails = 12
const keptOverviews = 60

export const emptyLive: Live = { isConnected: false, overview: undefined, mails: [], history: [] }

export function withLiveEvent(live: Live, change: LiveChange): Live {
  switch (change.kind) {
    case 'overview': {
      const { at, rates } = change.overview
      const point = { at, received: rates.received, delivered: rates.delivered, refused: rates.refused }
      const history = [...live.history.filter((one) => one.at < at), point].slice(-keptOverviews)
      return { ...live, isConnected: true, overview: change.overview, history }
    }
    case 'mail':
      return { ...live, isConnected: true, mails: [change.mail, ...live.mails].slice(0, keptMails) }
  }
}
