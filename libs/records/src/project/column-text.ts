/** Text as columns hold it and searches look for it; the whole of it stands in the event. */

/** An index entry has to stay below a third of a page of PostgreSQL. */
const maxChars = 500

/** At most 500 characters, without what a database cannot hold (U+0000) or UTF-8 cannot say (lone surrogates). */
export const columnText = (text: string): string => text.slice(0, maxChars).toWellFormed().replaceAll('\u0000', '\u{fffd}')

/** The same for an address, in lower case. */
export const columnAddress = (address: string): string => columnText(address.toLowerCase())
