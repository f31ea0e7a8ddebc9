/** Rows of a text file and of a CSV file (RFC 4180), read piece by piece. */
import { SallyportError } from '@sallyport/contracts'

/** Takes the text of a file in pieces and gives its rows to `onRow`, with the number of the line on which each begins. */
export interface RowReader {
  push(text: string): void
  /** No more comes: the last row needs no line end. */
  end(): void
}

export type OnRow = (cells: readonly string[], line: number) => void

/** A row is at most this long, so that a file without line ends takes no memory. */
const maxRowLength = 64 * 1024

const tooLong = (line: number): SallyportError =>
  new SallyportError('DIRECTORY_INVALID', `the row that begins on line ${line} is longer than ${maxRowLength} characters`)

/** One cell a row: the line without white space around it. Lines that are empty or begin with # are left out. */
export function textRows(onRow: OnRow): RowReader {
  let rest = ''
  let line = 0
  const take = (text: string): void => {
    line++
    const cell = text.trim()
    if (cell !== '' && !cell.startsWith('#')) onRow([cell], line)
  }
  return {
    push(text) {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const one of lines) take(one)
      if (rest.length > maxRowLength) throw tooLong(line + 1)
    },
    end() {
      if (rest !== '') take(rest)
      rest = ''
    },
  }
}

/** Comma, semicolon and tab: what spreadsheets write, by their country. */
const delimiters = [',', ';', '\t'] as const

/**
 * Cells may stand in double quotes, with delimiters, line ends and doubled quotes in them. The delimiter is the one that
 * stands most often in the first line. Rows without any text are left out.
 */
export function csvRows(onRow: OnRow): RowReader {
  let delimiter = ''
  let firstLine = ''
  let cells: string[] = []
  let cell = ''
  let isQuoted = false
  /** A quote within quotes: the end of the cell, or half of a doubled one. */
  let quotePending = false
  let line = 1
  let rowLine = 1
  let rowLength = 0

  const endRow = (): void => {
    cells.push(cell)
    cell = ''
    if (cells.some((text) => text.trim() !== '')) onRow(cells, rowLine)
    cells = []
    rowLine = line
    rowLength = 0
  }

  function take(character: string): void {
    if (++rowLength > maxRowLength) throw tooLong(rowLine)
    if (character === '\n') line++
    if (quotePending) {
      quotePending = false
      if (character === '"') {
        cell += '"'
        return
      }
      isQuoted = false
    }
    if (isQuoted) {
      if (character === '"') quotePending = true
      else cell += character
    } else if (character === '"' && cell.trim() === '') {
      cell = ''
      isQuoted = true
    } else if (character === delimiter) {
      cells.push(cell)
      cell = ''
    } else if (character === '\n') endRow()
    else if (character !== '\r') cell += character
  }

  function takeAll(text: string): void {
    for (let at = 0; at < text.length; at++) take(text.charAt(at))
  }

  function begin(text: string): void {
    firstLine += text
    if (!firstLine.includes('\n') && firstLine.length <= maxRowLength) return
    chooseDelimiter()
  }

  function chooseDelimiter(): void {
    const [head = ''] = firstLine.split('\n', 1)
    const outside = head.replace(/"[^"]*"/g, '')
    const counts = delimiters.map((one) => outside.split(one).length)
    delimiter = delimiters[counts.indexOf(Math.max(...counts))] ?? ','
    const text = firstLine
    firstLine = ''
    takeAll(text)
  }

  return {
    push: (text) => (delimiter === '' ? begin(text) : takeAll(text)),
    end() {
      if (delimiter === '') chooseDelimiter()
      if (quotePending) isQuoted = false
      if (isQuoted) throw new SallyportError('DIRECTORY_INVALID', `a quote that is opened on line ${rowLine} is never closed`)
      if (rowLength > 0) endRow()
    },
  }
}
