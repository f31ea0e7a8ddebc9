/**
 * Keys of contents: `yyyymmdd/hhmm/<message id>.<made><unique>`, so that a listing, which is in the order of the keys, begins with
 * the oldest. `made` is when, in ms since the epoch, as 9 digits of base 36: the store's own time has a grain of a second, and
 * is known only by asking.
 */
import { randomBytes } from 'node:crypto'
import { minuteMs, minuteName } from '../minute-folders.ts'

const keyForm = /^\d{8}\/\d{4}\/[A-Za-z0-9_-]+\.[a-z0-9]{9}[a-z0-9]+$/
const nameForm = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/
const madeDigits = 9
const uniqueBytes = 6

export const isContentKey = (key: string): boolean => keyForm.test(key)

/** Fails with a RangeError where it is no message id. */
export function newContentKey(messageId: string, nowMs: number): string {
  if (!nameForm.test(messageId)) throw new RangeError(`not a message id: ${messageId}`)
  const made = Math.floor(nowMs).toString(36).padStart(madeDigits, '0')
  return `${minuteName(nowMs)}/${messageId}.${made}${randomBytes(uniqueBytes).toString('hex')}`
}

/** When it was made, ms since the epoch; undefined where it is no key of a content. */
export function madeAt(key: string): number | undefined {
  if (!isContentKey(key)) return undefined
  const at = key.lastIndexOf('.') + 1
  return Number.parseInt(key.slice(at, at + madeDigits), 36)
}

/** Keys from this one on belong to contents that were made at this moment or later. */
export const firstKeyAfter = (atMs: number): string => minuteName(Math.max(0, atMs) + minuteMs)
