/** The levels of a process's loggers, changed while it runs: pino's children keep a level of their own. */
import { roleOfGroup } from '@sallyport/contracts'
import type { Logger } from 'pino'
import type { LogLevel } from './logger.ts'

export class LogLevels {
  readonly #configured: LogLevel
  readonly #loggers: { readonly log: Logger; readonly role: string | undefined }[] = []

  constructor(configured: LogLevel) {
    this.#configured = configured
  }

  /** Loggers live as long as the process: one for each role and consumer. */
  add(log: Logger): void {
    const { role, group } = log.bindings()
    this.#loggers.push({ log, role: typeof group === 'string' ? roleOfGroup(group) : role })
  }

  /** `roles`: whose lines; empty: everybody's. Those of others are at the configured level. */
  set(level: LogLevel, roles: readonly string[] = []): void {
    for (const { log, role } of this.#loggers) {
      const isMeant = roles.length === 0 || (role !== undefined && roles.includes(role))
      log.level = isMeant ? level : this.#configured
    }
  }

  restore(): void {
    this.set(this.#configured)
  }

  /** Between the configured level and `debug`: for a signal. */
  toggleDebug(): LogLevel {
    const isAsConfigured = this.#loggers.every(({ log }) => log.level === this.#configured)
    const next = isAsConfigured ? 'debug' : this.#configured
    this.set(next)
    return next
  }
}
