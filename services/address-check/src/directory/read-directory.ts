/** Reads a file of authorized addresses into a set. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { SallyportError } from '@sallyport/contracts'
import { parseMailbox } from '@sallyport/mail'
import { addressKey, type LocalPartCase } from '../address-key.ts'
import { type AddressSet, addressSetBuilder } from './address-set.ts'
import { csvRows, type OnRow, textRows } from './rows.ts'

export interface DirectoryFile {
  readonly path: string
  /** .csv: the name of the column with the address. Without one it is the first column, with or without a heading. */
  readonly column?: string | undefined
  readonly localPartCase: LocalPartCase
}

export interface DirectoryContent {
  readonly addresses: AddressSet
  /** The first 16 hex digits of the file's SHA-256. */
  readonly revision: string
  readonly badLines: number
  /** The first ten, for an operator: `12: "bob at example.com" (at-missing)`. */
  readonly firstBadLines: readonly string[]
}

const namedBadLines = 10
const maxNamedLength = 80

/**
 * Reads it piece by piece. Lines that are no address are counted and left out. Fails with DIRECTORY_INVALID where the file
 * holds no address, lacks the column, or is no text or CSV; and with the error of the file system where it cannot be read.
 */
export async function readDirectory(file: DirectoryFile, signal?: AbortSignal): Promise<DirectoryContent> {
  const builder = addressSetBuilder()
  const firstBadLines: string[] = []
  let badLines = 0
  let added = 0

  function add(text: string, line: number): void {
    const mailbox = parseMailbox(text.trim())
    if (mailbox.ok) {
      added++
      builder.add(addressKey(mailbox.localPart, mailbox.aDomain, file.localPartCase))
      return
    }
    badLines++
    if (firstBadLines.length >= namedBadLines) return
    firstBadLines.push(`${line}: ${JSON.stringify(text.slice(0, maxNamedLength))} (${mailbox.fault})`)
  }

  const rows = /\.csv$/i.test(file.path) ? csvRows(columnOf(file.column, add)) : textRows(([cell = ''], line) => add(cell, line))
  const digest = createHash('sha256')
  const decoder = new TextDecoder('utf-8')
  const stream = createReadStream(file.path, signal ? { signal } : {})
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    digest.update(chunk)
    rows.push(decoder.decode(chunk, { stream: true }))
  }
  rows.push(decoder.decode())
  rows.end()
  if (added === 0) {
    const first = firstBadLines.length > 0 ? `; its first lines: ${firstBadLines.slice(0, 3).join(', ')}` : ''
    throw new SallyportError('DIRECTORY_INVALID', `there is no address in it${first}`)
  }
  return { addresses: await builder.build(), revision: digest.digest('hex').slice(0, 16), badLines, firstBadLines }
}

/** Picks the column: by its heading, or the first one, whose heading (a first cell that is no address) is left out. */
function columnOf(column: string | undefined, add: (text: string, line: number) => void): OnRow {
  let index = column === undefined ? 0 : -1
  let isFirst = true
  return (cells, line) => {
    const cell = cells[index] ?? ''
    if (!isFirst) return add(cell, line)
    isFirst = false
    if (column === undefined) {
      if (cell.includes('@')) add(cell, line)
      return
    }
    const headings = cells.map((heading) => heading.trim())
    index = headings.findIndex((heading) => heading.toLowerCase() === column.trim().toLowerCase())
    if (index >= 0) return
    throw new SallyportError('DIRECTORY_INVALID', `it has no column "${column}", only ${headings.join(', ').slice(0, 300)}`)
  }
}
