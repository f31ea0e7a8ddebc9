/** `sallyport limits APP`. */
import { type LimitsResponse, limitsSchema } from '@sallyport/contracts'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit.ts'
import { table } from '../table.ts'

export const limits: Command = {
  usage: 'limits APP [--json]',
  about: 'show the limits of an application, and how full their buckets are',
  words: 1,
  flags: ['json'],
  async run({ api, print, words: [application = ''], flags }) {
    const all: LimitsResponse['buckets'] = []
    let answer: LimitsResponse
    let cursor: string | null = null
    do {
      const after: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
      answer = await api.json(limitsSchema, {
        path: `/api/limits?application=${encodeURIComponent(application)}&limit=${pageBuckets}${after}`,
      })
      all.push(...answer.buckets)
      cursor = answer.next
    } while (cursor !== null && all.length < maxBuckets)
    if (flags.json) print.raw(JSON.stringify({ ...answer, buckets: all }))
    else for (const line of lines({ ...answer, buckets: all })) print.line(line)
    return exitCodes.ok
  },
}

const pageBuckets = 1_000
/** A limit by sender may have one for each of millions; nobody reads so many lines. */
const maxBuckets = 10_000

const head = ['LIMIT', 'WHOSE', 'MODE', 'REMAINING', 'BURST', 'FULL IN']

function lines({ application, mode, limits, buckets, next }: LimitsResponse): string[] {
  if (limits.length === 0) return [`${application} has no limits: the policy sets none for it`]
  const rows = buckets.map(({ limit, owner, mode, remaining, burst, fullInMs }) => {
    const { count, rate } = limits[limit] ?? { count: '?', rate: '?' }
    const whose = Object.entries(owner)
      .map((each) => each.join(' '))
      .join(', ')
    return [
      `${rate} ${count}`,
      whose || '(too long to tell)',
      mode === 'enforce' ? mode : 'shadow',
      String(remaining),
      String(burst),
      duration(fullInMs),
    ]
  })
  return [
    `throttle of ${application}: ${mode}`,
    ...limits.map(({ per, count, rate, burst }) => `limit: ${rate} ${count} per ${per.join(' and ')}, burst ${burst}`),
    ...(rows.length === 0 ? ['every bucket is full'] : table(head, rows)),
    ...(next === null ? [] : ['and more']),
  ]
}

function duration(ms: number): string {
  if (ms === 0) return '-'
  const seconds = Math.ceil(ms / 1000)
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.ceil(seconds / 60)
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`
}
