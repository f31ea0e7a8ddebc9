/** What the product is for, as a person does it: watch, see who violates, enforce, see the next message refused, roll back. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { eventually } from '@sallyport/testkit'
import { noChromium } from '../infra/chromium.ts'
import { api } from '../process/api.ts'
import { axeViolations } from './axe.ts'
import { picture } from './pictures.ts'
import { sendDay, sendMail } from './send-mail.ts'
import { type BrowserStage, browserStage, type OpenPage } from './stage.ts'

const skip = noChromium()
let stage: BrowserStage
let opened: OpenPage

before(async () => {
  if (skip) return
  stage = await browserStage()
  await sendDay(stage.gateway.port('smtp'))
  await eventually(async () => (await api(stage.gateway, 'GET', '/api/applications/billing/readiness')).body?.checks?.length > 0, {
    deadlineMs: 60_000,
  })
  opened = await stage.open()
})
after(() => stage?.stop())

const typo = { from: 'invocies@example.com', subject: 'Your invoice' }

test('watch: mail with a sender that does not exist leaves, and is counted', { skip }, async () => {
  const [reply] = await sendMail(stage.gateway.port('smtp'), 'billing', [typo])
  assert.equal(reply?.code, 250)
  const { page } = opened
  await page.getByRole('region', { name: 'Who violates what' }).getByRole('link', { name: 'billing', exact: true }).waitFor()
})

test('see who violates: from the overview to the application, what is wrong, how to fix it, and whom to ask', {
  skip,
}, async () => {
  const { page } = opened
  await page.getByRole('region', { name: 'Who violates what' }).getByRole('link', { name: 'billing', exact: true }).click()
  await page.getByRole('heading', { name: 'billing', level: 1 }).waitFor()
  await page.getByRole('link', { name: 'billing-team@example.com' }).first().waitFor()
  const wrong = page.getByRole('region', { name: 'What is wrong, and how to fix it' })
  await wrong.getByText('address.envelope-not-authorized').first().waitFor()
  await wrong.getByText('Fix:').first().waitFor()
  await page.getByRole('region', { name: 'Sends as' }).getByText('invocies@example.com').first().waitFor()
})

test('a sample shows the evidence', { skip }, async () => {
  const { page } = opened
  await page
    .getByRole('link', { name: /^sample 1 of address/ })
    .first()
    .click()
  await page.getByText('with every check enforced: reject by address').waitFor()
  await page.getByText('may not send as invocies@example.com').first().waitFor()
  await page.goBack()
})

test('switch to enforce: the dialog tells what the last days would have suffered', { skip }, async () => {
  const { page, faults } = opened
  await page.getByRole('radiogroup', { name: 'Mode of address' }).getByText('enforce').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('The last 7 days:').waitFor()
  await dialog
    .getByText(/\d+ refused \(\d/)
    .first()
    .waitFor()
  await dialog.getByText('invocies@example.com').first().waitFor()
  assert.deepEqual(await axeViolations(page), [])
  await picture(page, 'enforce')
  assert.equal(await dialog.getByRole('button', { name: 'Enforce' }).isDisabled(), true, 'a reason is needed')
  await dialog.getByLabel('Reason').fill('The team has corrected its address book')
  await dialog.getByRole('button', { name: 'Enforce' }).click()
  await page.getByText(/address of billing is on enforce: policy revision 2/).waitFor()
  assert.deepEqual(faults, [])
})

test('the next message is refused while the application is on the line, with an explanation; a good one still leaves', {
  skip,
}, async () => {
  const port = stage.gateway.port('smtp')
  const reply = await eventually(
    async () => {
      const [refused] = await sendMail(port, 'billing', [typo])
      return refused?.code === 550 ? refused : undefined
    },
    { deadlineMs: 20_000 },
  )
  assert.match(reply.text, /5\.7\.\d .*invocies@example\.com/s)
  const [good] = await sendMail(port, 'billing', [{ from: 'invoices@example.com', subject: 'Your invoice' }])
  assert.equal(good?.code, 250)
  const { page } = opened
  const link = page.getByRole('link', { name: 'Your invoice' }).first()
  // The records follow the mail by a moment.
  await eventually(
    async () => {
      await page.goto(`${stage.origin}/messages?application=billing&status=refused`)
      await link.waitFor({ timeout: 2_000 })
      return true
    },
    { deadlineMs: 30_000 },
  )
  await link.click()
  await page.getByRole('heading', { name: 'Refused' }).waitFor()
  await page.getByText('Verdict: reject').waitFor()
  await page.getByText('by address', { exact: true }).waitFor()
  await page
    .getByText(/^550 5\.7\./)
    .first()
    .waitFor()
  await picture(page, 'refused')
})

test('roll back: the history shows the change and takes it back, and the mail leaves again', { skip }, async () => {
  const { page, faults } = opened
  await page.getByRole('link', { name: 'Policy' }).first().click()
  await page.getByRole('tab', { name: 'History' }).click()
  await page.getByText('The team has corrected its address book', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Show changes' }).first().click()
  await page.getByText('/applications/billing/checks/address').first().waitFor()
  await page.getByRole('button', { name: 'Roll back to it' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('/applications/billing/checks/address').first().waitFor()
  await dialog.getByLabel('Reason').fill('The old address book was still in use')
  assert.deepEqual(await axeViolations(page), [])
  await picture(page, 'rollback')
  await dialog.getByRole('button', { name: 'Roll back' }).click()
  await page.getByText(/Revision 3 holds/).waitFor()
  await eventually(async () => (await sendMail(stage.gateway.port('smtp'), 'billing', [typo]))[0]?.code === 250, {
    deadlineMs: 20_000,
  })
  assert.deepEqual(faults, [])
})
