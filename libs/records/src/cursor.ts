/** Where a page of messages ends, opaque to the caller and no secret: the id of its last message. */

export const cursorOf = (id: string): string => Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')

/** The id that a cursor names; undefined where it is none of ours. */
export function cursorId(cursor: string | undefined): string | undefined {
  if (cursor === undefined || !/^[\w-]{22}$/.test(cursor)) return undefined
  const hex = Buffer.from(cursor, 'base64url').toString('hex')
  return hex.length === 32 ? formatId(hex) : undefined
}

/** 32 hexadecimal digits with their hyphens. */
export const formatId = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
