/**
 * Logs: pino JSON on stderr, so that stdout stays for what scripts read. Secrets are redacted by key, mail addresses wherever they
 * stand, and every line within a span names its trace.
 */
import { activeTraceId } from '@sallyport/tracing'
import { type DestinationStream, type Logger, pino } from 'pino'
import { LogLevels } from './log-levels.ts'
import { withoutAddresses } from './without-addresses.ts'

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'

export interface LogOptions {
  readonly level: LogLevel
  readonly instance: string
  /** Whether lines tell mail addresses. Default hidden. */
  readonly addresses?: 'hidden' | 'clear'
  /** Default stderr. */
  readonly destination?: DestinationStream
}

export interface ProcessLog {
  /** Its lines carry `service: sallyport` and this process's instance name. */
  readonly log: Logger
  readonly levels: LogLevels
}

export function openLog({ level, instance, addresses = 'hidden', destination }: LogOptions): ProcessLog {
  const levels = new LogLevels(level)
  const lines = destination ?? pino.destination({ fd: 2, sync: false, minLength: 0 })
  const log = pino(
    {
      level,
      base: { service: 'sallyport', instance },
      redact: {
        paths: ['password', 'token', 'secret', 'authorization', '*.password', '*.token', '*.secret', '*.authorization'],
        censor: '[redacted]',
      },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      onChild: (child) => levels.add(child),
      mixin: () => {
        const traceId = activeTraceId()
        return traceId === undefined ? {} : { trace_id: traceId }
      },
    },
    addresses === 'clear' ? lines : { write: (line: string) => lines.write(withoutAddresses(line)) },
  )
  levels.add(log)
  return { log, levels }
}
