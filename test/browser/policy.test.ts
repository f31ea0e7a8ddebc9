/** The policy editor: it completes out of the schema, marks faults where they stand, shows what would change, applies, and yields to others. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
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
  opened = await stage.open({ path: '/policy' })
})
after(() => stage?.stop())

const editor = () => opened.page.getByRole('textbox', { name: 'The policy, as YAML' })

/** Takes the offer that is marked. The editor passes over Enter for a moment, so that it takes nobody by surprise. */
async function take(offer: RegExp | string): Promise<void> {
  await opened.page.getByRole('option', { name: offer }).waitFor()
  await sleep(200)
  await opened.page.keyboard.press('Enter')
  await opened.page.getByRole('option', { name: offer }).waitFor({ state: 'detached' })
}

/** At the end of the document. */
async function typeAtEnd(text: string): Promise<void> {
  await editor().click()
  await opened.page.keyboard.press('Control+End')
  await opened.page.keyboard.type(text)
}

test('keys and values are offered out of the schema', { skip }, async () => {
  const { page } = opened
  await typeAtEnd('\nho')
  await take(/^hold/)
  await page.keyboard.type('{ onEx')
  await take(/^onExpiry/)
  await page.keyboard.type('b')
  await page.getByRole('option', { name: 'bounce' }).waitFor()
  await picture(page, 'policy-completion')
  await take('bounce')
  await page.getByText('Valid; 1 change').waitFor()
})

test('a fault is marked in the text, named below it, and nothing can be applied', { skip }, async () => {
  const { page } = opened
  await page.keyboard.type('d')
  await page.getByText(/1 fault: nothing can be applied/).waitFor()
  await page.getByText(/\/hold\/onExpiry/).waitFor()
  assert.equal(await page.locator('.cm-lintRange-error').count(), 1)
  assert.equal(await page.getByRole('button', { name: 'Review and apply' }).isDisabled(), true)
  assert.deepEqual(await axeViolations(page), [])
  await picture(page, 'policy-fault')
  await page.keyboard.press('Backspace')
  await page.getByText('Valid; 1 change').waitFor()
})

test('what would change is shown before it is applied, with a reason', { skip }, async () => {
  const { page, faults } = opened
  await page.getByRole('button', { name: 'Review and apply' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('/hold').first().waitFor()
  await dialog.getByLabel('Reason').fill('Tell the senders')
  assert.deepEqual(await axeViolations(page), [])
  await picture(page, 'policy-review')
  await dialog.getByRole('button', { name: 'Apply' }).click()
  await page.getByText(/Revision 2 holds from now on/).waitFor()
  const { body } = await api(stage.gateway, 'GET', '/api/policy')
  assert.equal(body.hold.onExpiry, 'bounce')
  assert.deepEqual(faults, [])
})

test('a change of somebody else meanwhile is told, and what one types is kept until one gives it up', { skip }, async () => {
  const { page, faults } = opened
  await typeAtEnd('# mine')
  const { body, headers } = await api(stage.gateway, 'GET', '/api/policy')
  body.hold.onExpiry = 'drop'
  await api(stage.gateway, 'PUT', '/api/policy?reason=other', { body, headers: { 'if-match': headers.get('etag') ?? '' } })
  await page.getByRole('tab', { name: 'History' }).waitFor()
  // As when one comes back to the window.
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await page.getByText('Another revision was applied meanwhile.').waitFor({ timeout: 60_000 })
  await page.getByText('# mine').waitFor()
  await page.getByRole('button', { name: 'Give up my changes and take it' }).click()
  await page.getByText('This is what holds now').waitFor()
  assert.equal(await page.getByText('# mine').count(), 0)
  assert.deepEqual(faults, [])
})

test('Tab leaves the editor, and a viewer may only read', { skip }, async () => {
  const { page } = opened
  await editor().focus()
  await page.keyboard.press('Tab')
  assert.equal(
    await editor().evaluate((element) => element.getRootNode() instanceof ShadowRoot && element.matches(':focus')),
    false,
  )
  const viewer = await stage.open({ path: '/policy', scope: 'viewer' })
  await viewer.page.getByText('Changing the policy needs an admin; your token is of a viewer.').waitFor()
  assert.equal(await viewer.page.getByRole('button', { name: 'Review and apply' }).count(), 0)
  await viewer.page.getByRole('tab', { name: 'History' }).click()
  await viewer.page.getByText('Tell the senders', { exact: true }).waitFor()
  assert.equal(await viewer.page.getByRole('button', { name: 'Roll back to it' }).count(), 0)
  assert.deepEqual(viewer.faults, [])
})
