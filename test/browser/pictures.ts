/** Pictures of the page, as output of the build. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'

const folder = join(import.meta.dirname, '../../build/screenshots')

/** `build/screenshots/NAME.png`: what is seen, or the whole page. */
export async function picture(page: Page, name: string, isWhole = false): Promise<void> {
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: isWhole })
}
