/** A logger that says nothing, and one that keeps what it is told. */
import { type Logger, pino } from 'pino'

export function silentLogger(): Logger {
  return pino({ level: 'silent' })
}

export interface RecordedLog {
  readonly log: Logger
  /** Each line as pino wrote it, parsed: `level` is the number (30 info, 40 warn, 50 error). */
  readonly lines: readonly LogLine[]
}

export interface LogLine {
  readonly level: number
  readonly msg?: string
  readonly [field: string]: unknown
}

export function recordingLogger(): RecordedLog {
  const lines: LogLine[] = []
  const log = pino({ level: 'trace', base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  return { log, lines }
}
