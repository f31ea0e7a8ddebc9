/** The search for messages, as it stands in the address of the page. */
import type { Given, operations } from '@sallyport/contracts'

type MessageQuery = Given<(typeof operations)['listMessages']>['query']

export const statuses = ['refused', 'received', 'undecided', 'queued', 'deferred', 'held', 'delivered', 'failed'] as const
export const verdicts = ['would-refuse', 'reject', 'hold', 'defer', 'relay'] as const

/** How far back, in ms. */
export const times: Readonly<Record<string, number>> = {
  '1h': 3_600_000,
  '24h': 86_400_000,
  '7d': 7 * 86_400_000,
  '30d': 30 * 86_400_000,
}

const among = <T extends string>(values: readonly T[], value: string | null): T | undefined => values.find((one) => one === value)

/** What the API is asked; what the address says that is no filter is passed over. */
export function searchOf(search: URLSearchParams, now: number): { readonly query: MessageQuery; readonly hasFilter: boolean } {
  const texts = Object.fromEntries(
    (['application', 'sender', 'recipient', 'check'] as const).flatMap((name) => {
      const value = search.get(name)?.trim()
      return value ? [[name, value]] : []
    }),
  )
  const verdict = among(verdicts, search.get('verdict'))
  const status = among(statuses, search.get('status'))
  const sinceMs = times[search.get('time') ?? '']
  const query: MessageQuery = {
    ...texts,
    ...(verdict ? { verdict } : {}),
    ...(status ? { status } : {}),
    ...(sinceMs === undefined ? {} : { since: now - sinceMs }),
  }
  return { query, hasFilter: Object.keys(query).length > 0 }
}

const idPattern = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i

/** The id of a message in what somebody pasted: the id itself, or a whole SMTP reply or header field. */
export const idIn = (text: string): string | undefined => idPattern.exec(text)?.[0].toLowerCase()
