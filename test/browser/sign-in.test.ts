/** Signing in with the keyboard alone, what the page says to strangers, and with which headers it comes. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { noChromium } from '../infra/chromium.ts'
import { axeViolations } from './axe.ts'
import { type BrowserStage, browserStage } from './stage.ts'

const skip = noChromium()
let stage: BrowserStage

before(async () => {
  if (!skip) stage = await browserStage()
})
after(() => stage?.stop())

test('with the keyboard alone: a wrong token is told, the right one opens the page, and every page is reached', {
  skip,
}, async () => {
  const { page, faults, context } = await stage.open({ scope: null, path: '/queue' })
  const token = page.getByLabel('Token', { exact: true })
  await token.waitFor()
  assert.deepEqual(await axeViolations(page), [])
  await token.focus()
  await page.keyboard.type('wrong')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').getByText('A valid token is needed').waitFor()
  await token.fill('')
  await token.focus()
  await page.keyboard.type(stage.gateway.token())
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Queue', level: 1 }).waitFor()
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement?.textContent?.trim()), 'Skip to the page')
  for (const name of ['Overview', 'Applications', 'Messages', 'Quarantine', 'Policy']) {
    await page.getByRole('navigation').getByRole('link', { name }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name, level: 1 }).waitFor()
  }
  await page.reload()
  await page.getByRole('heading', { name: 'Policy', level: 1 }).waitFor()
  const other = await context.newPage()
  await other.goto(stage.origin)
  await other.getByLabel('Token', { exact: true }).waitFor()
  assert.deepEqual(faults, [])
})

test('colours are chosen and kept; signing out forgets the token', { skip }, async () => {
  const { page, faults } = await stage.open()
  await page.getByRole('button', { name: 'Colours' }).click()
  await page.getByRole('menuitemradio', { name: 'Dark' }).click()
  assert.equal(await page.evaluate(() => document.documentElement.dataset.mantineColorScheme), 'dark')
  await page.reload()
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
  assert.equal(await page.evaluate(() => document.documentElement.dataset.mantineColorScheme), 'dark')
  await page.getByRole('button', { name: 'Signed in as console-token' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByLabel('Token', { exact: true }).waitFor()
  assert.equal(await page.evaluate(() => sessionStorage.length), 0)
  assert.deepEqual(faults, [])
})

test('the page comes with a policy without inline code, its files for a year, and the API without a token not at all', {
  skip,
}, async () => {
  const index = await fetch(stage.origin)
  const policy = index.headers.get('content-security-policy') ?? ''
  assert.match(policy, /default-src 'none'/)
  assert.doesNotMatch(policy, /unsafe|http|\*/)
  assert.equal(index.headers.get('cache-control'), 'no-cache')
  const [script = ''] = /\/assets\/[^"]+\.js/.exec(await index.text()) ?? []
  const asset = await fetch(stage.origin + script, { headers: { 'accept-encoding': 'br' } })
  assert.match(asset.headers.get('cache-control') ?? '', /max-age=31536000, immutable/)
  assert.equal(asset.headers.get('content-encoding'), 'br')
  assert.equal((await fetch(`${stage.origin}/applications/billing`)).status, 200)
  assert.equal((await fetch(`${stage.origin}/api/session`)).status, 401)
  assert.equal((await fetch(`${stage.origin}/assets/../../package.json`)).status >= 400, true)
})
