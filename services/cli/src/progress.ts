/** How far long work has come, on a terminal only: programs that read the error output see nothing of it. */

export interface Progress {
  /** Done so far. */
  at(done: number): void
  end(): void
}

export interface Terminal {
  readonly isTTY?: boolean | undefined
  write(text: string): unknown
}

const barChars = 30
const everyMs = 100

/** With a bar where the total is known. */
export function progress(terminal: Terminal, what: string, total?: number): Progress {
  let shownAt = 0
  let isShown = false
  return {
    at(done) {
      const now = performance.now()
      if (!terminal.isTTY || (now - shownAt < everyMs && done !== total)) return
      shownAt = now
      isShown = true
      terminal.write(`\r\x1b[K${line(what, done, total)}`)
    },
    end() {
      if (isShown) terminal.write('\r\x1b[K')
    },
  }
}

export function line(what: string, done: number, total: number | undefined): string {
  if (total === undefined || total === 0) return `${what}: ${done}`
  const share = Math.min(1, done / total)
  const full = Math.round(share * barChars)
  return `${what}: [${'#'.repeat(full)}${'.'.repeat(barChars - full)}] ${done} of ${total}`
}
