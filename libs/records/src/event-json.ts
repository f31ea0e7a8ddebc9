/** How an event's JSON stands in the database. */

const utf8 = new TextDecoder()

export const eventText = (packed: Uint8Array): string => utf8.decode(packed)

export const unpackEvent = (packed: Uint8Array): unknown => JSON.parse(eventText(packed))
