/** Where a page of messages ends: opaque to the caller, and no secret. */

interface PagePosition {
  readonly at: number
  readonly id: string
}

/** Before the newest message. */
const start: PagePosition = { at: Number.MAX_SAFE_INTEGER, id: '' }

export const cursorOf = (at: number, id: string): string => Buffer.from(`${at} ${id}`).toString('base64url')

/** The position that a cursor names; before the newest where it names none. */
export function positionOf(cursor: string | undefined): PagePosition {
  if (cursor === undefined) return start
  const match = /^(\d{1,15}) ([0-9a-f-]{36})$/.exec(Buffer.from(cursor, 'base64url').toString())
  return match?.[1] && match[2] ? { at: Number(match[1]), id: match[2] } : start
}
