/** What the scripts of the limiter answer. */
import type { ReserveResult } from '../port.ts'

interface ReserveReply {
  readonly repeated: boolean
  readonly outcome: ReserveResult['outcome']
  readonly waitMs: number
  readonly above: number | undefined
  /** Of each claim. */
  readonly backlogsUs: readonly number[]
  readonly waitsMs: readonly number[]
}

interface FillRow {
  readonly name: string
  readonly backlogUs: number
  readonly intervalMs: number
  readonly burst: number
}

/** In the order of their numbers in the script. */
const outcomes = ['taken', 'refused', 'above-burst'] as const
const headBytes = 32
const claimBytes = 16

/** Undefined where it is no answer for so many claims. */
export function readReserveReply(reply: unknown, claims: number): ReserveReply | undefined {
  if (!Buffer.isBuffer(reply) || reply.length !== headBytes + claims * claimBytes) return undefined
  const outcome = outcomes[reply.readDoubleLE(8)]
  if (!outcome) return undefined
  const [backlogsUs, waitsMs]: [number[], number[]] = [[], []]
  for (let at = headBytes; at < reply.length; at += claimBytes) {
    backlogsUs.push(reply.readDoubleLE(at))
    waitsMs.push(reply.readDoubleLE(at + 8) / 1000)
  }
  const above = reply.readDoubleLE(24)
  return {
    repeated: reply.readDoubleLE(0) === 1,
    outcome,
    waitMs: reply.readDoubleLE(16) / 1000,
    above: above === 0 ? undefined : above - 1,
    backlogsUs,
    waitsMs,
  }
}

/** The rows of a page, and the name after which the next one begins, if there is one. */
export function readFillReply(
  reply: unknown,
): { readonly rows: readonly FillRow[]; readonly next: string | undefined } | undefined {
  if (!Array.isArray(reply)) return undefined
  const [last, ...rest]: unknown[] = reply
  if (!Buffer.isBuffer(last)) return undefined
  const rows: FillRow[] = []
  for (let index = 0; index < rest.length; index += 2) {
    const [id, level] = [rest[index], rest[index + 1]]
    if (!Buffer.isBuffer(id) || !Buffer.isBuffer(level) || level.length !== 24) return undefined
    const [backlogUs, intervalUs, burst] = [level.readDoubleLE(0), level.readDoubleLE(8), level.readDoubleLE(16)]
    rows.push({ name: nameOf(id), backlogUs, intervalMs: intervalUs / 1000, burst })
  }
  return { rows, next: last.length === 0 ? undefined : nameOf(last) }
}

const nameOf = (id: Buffer): string => id.toString('utf8', id.indexOf(0) + 1)
