/** The audit log: what was changed is read with who, when, why, before and after; it is narrowed, and read on. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { noChromium } from '../infra/chromium.ts'
import { api } from '../process/api.ts'
import { axeViolations } from './axe.ts'
import { picture } from './pictures.ts'
import { type BrowserStage, browserStage, type OpenPage } from './stage.ts'

const skip = noChromium()
let stage: BrowserStage
let opened: OpenPage

before(async () => {
  if (skip) return
  stage = await browserStage()
  const about = { destination: 'bulk', reason: 'their server is being moved' }
  for (let times = 0; times < 26; times++) {
    for (const order of ['pause', 'resume']) await api(stage.gateway, 'POST', `/api/queue/${order}`, { body: about })
  }
  const { headers } = await api(stage.gateway, 'GET', '/api/policy')
  const switched = await api(stage.gateway, 'POST', '/api/applications/billing/checks/domain', {
    body: { mode: 'enforce', reason: 'a week without a violation' },
    headers: { 'if-match': headers.get('etag') ?? '', 'x-author': 'ann' },
  })
  assert.equal(switched.status, 200, JSON.stringify(switched.body))
  opened = await stage.open({ path: '/audit', scope: 'viewer' })
})
after(() => stage?.stop())

const entries = () => opened.page.getByRole('list').filter({ hasText: 'switched a check' }).getByRole('listitem')

test('the newest comes first, with its reason, and opens what stood before and after', { skip }, async () => {
  const { page, faults } = opened
  const first = page.getByRole('listitem').filter({ hasText: 'ann switched a check: billing domain enforce' })
  await first.getByText('a week without a violation').waitFor()
  const button = first.getByRole('button', { name: 'Show 1 change' })
  await button.press('Enter')
  await first.getByText('/applications/billing/checks/domain/mode').waitFor()
  assert.equal(await first.locator('del').textContent(), 'monitor')
  assert.equal(await first.locator('ins').textContent(), 'enforce')
  await page
    .getByRole('button', { name: /^Show \d+ changes$/ })
    .first()
    .click()
  assert.deepEqual(await axeViolations(page), [])
  await picture(page, 'audit-changes')
  assert.deepEqual(faults, [])
})

test('there is more than a page of it, down to the first entry', { skip }, async () => {
  const { page } = opened
  assert.equal(await entries().first().isVisible(), true)
  await page.getByText('50 and more, the newest first').waitFor()
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByText('54, the newest first').waitFor()
  await page.getByText('file applied a policy: revision 1').waitFor()
})

test('it is narrowed by what was done, by whom and to what; the address keeps it', { skip }, async () => {
  const { page } = opened
  await page.getByLabel('Did what').selectOption('paused')
  await page.getByText('26, the newest first').waitFor()
  assert.match(page.url(), /action=queue\.pause/)
  await page.getByLabel('Who').fill('ann')
  await page.getByLabel('Who').press('Enter')
  await page.getByRole('heading', { name: 'No entry fits' }).waitFor()
  await page.getByRole('link', { name: 'Every entry' }).click()
  await page.getByText('54, the newest first').waitFor()
  await page.getByLabel('To what').fill('billing')
  await page.getByRole('button', { name: 'Search' }).click()
  await page.getByText('1, the newest first').waitFor()
  await page.getByRole('link', { name: 'billing domain enforce' }).click()
  await page.getByRole('heading', { name: 'Policy', level: 1 }).waitFor()
})
