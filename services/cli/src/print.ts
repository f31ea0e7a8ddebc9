/** Where the command line writes: results to one stream, what concerns the person to the other. */
import { type Progress, progress, type Terminal } from './progress.ts'

export interface Print {
  /** A line of the result. Control characters are replaced, since much of it was written by strangers. */
  line(text?: string): void
  /** The result as it is, for programs. */
  raw(text: string): void
  error(text: string): void
  /** How far long work has come, for a person at a terminal. */
  progress(what: string, total?: number): Progress
}

export function printTo(out: Pick<Terminal, 'write'>, err: Terminal): Print {
  return {
    line: (text = '') => void out.write(`${harmless(text)}\n`),
    raw: (text) => void out.write(text.endsWith('\n') ? text : `${text}\n`),
    error: (text) => void err.write(`${harmless(text)}\n`),
    progress: (what, total) => progress(err, what, total),
  }
}

/** Line ends are kept; whatever else could steer a terminal is not. */
const harmless = (text: string): string => text.replace(/(?!\n)[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '\ufffd')
