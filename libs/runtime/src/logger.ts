/** Logs: pino JSON on stderr, so that stdout stays for what scripts read. Secrets are redacted by key. */
import { type Logger, pino } from 'pino'

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'

/** A logger whose lines carry `service: sallyport` and this process's instance name. */
export function createLogger(options: { readonly level: LogLevel; readonly instance: string }): Logger {
  return pino(
    {
      level: options.level,
      base: { service: 'sallyport', instance: options.instance },
      redact: {
        paths: ['password', 'token', 'secret', 'authorization', '*.password', '*.token', '*.secret', '*.authorization'],
        censor: '[redacted]',
      },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pino.destination({ fd: 2, sync: false, minLength: 0 }),
  )
}
