/** Every page, at desk and phone width, in light and dark: shown, without a violation that axe or the browser knows, and pictured. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { eventually } from '@sallyport/testkit'
import { noChromium } from '../infra/chromium.ts'
import { api } from '../process/api.ts'
import { axeViolations } from './axe.ts'
import { picture } from './pictures.ts'
import { sendDay } from './send-mail.ts'
import { type BrowserStage, browserStage } from './stage.ts'

const skip = noChromium()
let stage: BrowserStage
let heldId = ''

before(async () => {
  if (skip) return
  stage = await browserStage()
  await sendDay(stage.gateway.port('smtp'))
  for (const [mode, reason] of [
    ['enforce', 'it only sends to us'],
    ['off', 'a printer writes no subject lines: see ticket 4711'],
  ]) {
    const { headers } = await api(stage.gateway, 'GET', '/api/policy')
    const { status } = await api(stage.gateway, 'POST', '/api/applications/printer/checks/spam', {
      body: { mode, reason },
      headers: { 'if-match': headers.get('etag') ?? '' },
    })
    assert.equal(status, 200)
  }
  await eventually(
    async () => {
      const { body: queue } = await api(stage.gateway, 'GET', '/api/queue')
      const { body: quarantine } = await api(stage.gateway, 'GET', '/api/quarantine')
      heldId = quarantine.held[0]?.id ?? ''
      return quarantine.total === 6 && queue.destinations.some((one: { deferred: number }) => one.deferred === 12)
    },
    { deadlineMs: 60_000, what: 'everything is delivered, held or put off' },
  )
})
after(() => stage?.stop())

/** What is on each page when it has loaded; null: nobody is signed in. */
const pages: readonly (readonly [string, () => string, string, null?])[] = [
  ['sign-in', () => '/', 'Token', null],
  ['overview', () => '/', 'billing-team@example.com'],
  ['applications', () => '/applications?range=24h', 'crm-team@example.com'],
  ['application', () => '/applications/billing?range=24h', 'invocies@example.com'],
  ['messages', () => '/messages', 'Your invoice 2623'],
  ['message', () => `/messages/${heldId}`, 'Held in quarantine'],
  ['quarantine', () => '/quarantine', 'agent0@example.com'],
  ['queue', () => '/queue', '451 4.7.1 greylisted'],
  ['policy', () => '/policy', 'This is what holds now'],
  ['history', () => '/policy?tab=history', 'see ticket 4711'],
  ['audit', () => '/audit', 'seeds an empty gateway'],
]

for (const [name, path, expected, nobody] of pages) {
  for (const width of [1280, 390] as const) {
    for (const scheme of ['light', 'dark'] as const) {
      test(`${name} at ${width} in ${scheme}`, { skip }, async () => {
        const { page, context, faults } = await stage.open({ path: path(), width, scheme, scope: nobody === null ? null : 'admin' })
        await page.getByText(expected).first().waitFor()
        await page.waitForFunction(() => !document.querySelector('[role=status] .mantine-Loader-root'))
        assert.deepEqual(await axeViolations(page), [])
        const { scrollWidth, title } = await page.evaluate(() => ({
          scrollWidth: document.documentElement.scrollWidth,
          title: document.title,
        }))
        assert.ok(scrollWidth <= width, `it scrolls sideways: ${scrollWidth}`)
        assert.match(title, / · Sallyport$/)
        await picture(page, `${name}-${width}-${scheme}`, width === 390)
        assert.deepEqual(faults, [])
        await context.close()
      })
    }
  }
}
