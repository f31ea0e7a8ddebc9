/** Debian's Chromium, without a window, talking to nobody but the page. */
import { type Browser, chromium } from 'playwright-core'
import { findProgram } from './find-program.ts'

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Why browser tests are skipped here, or false. */
export const noChromium = (): string | false =>
  findProgram('chromium') ? false : 'chromium is not installed: apt-get install chromium'

/** Fails where it is not installed. */
export function startChromium(): Promise<Browser> {
  const executablePath = findProgram('chromium')
  if (!executablePath) throw new Error(String(noChromium()))
  return chromium.launch({ executablePath, args: flags })
}
