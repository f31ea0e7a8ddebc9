/** Pictures of the page, as output of the build. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'

const folder = join(import.meta.dirname, '../../build/screenshots')

/** `build/screenshots/NAME.png`: what is seen, or the whole page. */
export async function picture(page: Page, name: string, isWhole = false): Promise<void> {
  mkdirSync(folder, { recursive: true })
  if (isWhole) {
    // What is fixed to the window's edge would stand in the middle of a picture that is longer than the window.
    const { width, height } = await page.evaluate(() => ({ width: innerWidth, height: document.documentElement.scrollHeight }))
    await page.setViewportSize({ width, height })
  }
  await page.screenshot({ path: join(folder, `${name}.png`) })
}
