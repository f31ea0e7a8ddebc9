/** Held mail is released and dropped, queued mail retried, paused and cancelled: always with a reason, and delivery does it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { eventually } from '@sallyport/testkit'
import { noChromium } from '../infra/chromium.ts'
import { api } from '../process/api.ts'
import { axeViolations } from './axe.ts'
import { picture } from './pictures.ts'
import { sendMail } from './send-mail.ts'
import { type BrowserStage, browserStage } from './stage.ts'

const skip = noChromium()
let stage: BrowserStage
const held = async (): Promise<number> => (await api(stage.gateway, 'GET', '/api/quarantine')).body.total

before(async () => {
  if (skip) return
  stage = await browserStage()
  const port = stage.gateway.port('smtp')
  await sendMail(
    port,
    'helpdesk',
    Array.from({ length: 5 }, (_, n) => ({ from: `agent${n}@example.com`, subject: `Ticket ${n}` })),
  )
  await sendMail(
    port,
    'newsletter',
    Array.from({ length: 3 }, (_, n) => ({ from: 'news@newsletter.example.com', subject: `News ${n}` })),
  )
  await eventually(async () => (await held()) === 5, { deadlineMs: 30_000 })
  await eventually(async () => (await api(stage.gateway, 'GET', '/api/queue')).body.messages === 3, { deadlineMs: 30_000 })
})
after(() => stage?.stop())

test('one message is released, and arrives', { skip }, async () => {
  const { page, faults } = await stage.open({ path: '/quarantine' })
  const row = page.getByRole('row', { name: /agent3@example\.com/ })
  await row.getByRole('button', { name: 'Release' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('agent3@example.com').first().waitFor()
  await dialog.getByLabel('Reason').fill('A new colleague')
  assert.deepEqual(await axeViolations(page), [])
  await dialog.getByRole('button', { name: 'Release' }).click()
  await page.getByText('The message from agent3@example.com is being released.').waitFor()
  await eventually(() => stage.sink.messages.some(({ sender }) => sender === 'agent3@example.com'), { deadlineMs: 30_000 })
  await page.getByText('4 held messages').waitFor()
  assert.deepEqual(faults, [])
})

test('what the filter finds is dropped together, and never arrives', { skip }, async () => {
  const { page, faults } = await stage.open({ path: '/quarantine', width: 390 })
  await page.getByLabel('Sender, recipient, explanation or id').fill('agent1')
  await page.getByText('1 held message', { exact: true }).waitFor()
  await page.getByLabel('Sender, recipient, explanation or id').fill('')
  await page.getByText('4 held messages').waitFor()
  await page
    .getByLabel(/^Select 0/)
    .nth(0)
    .check()
  await page
    .getByLabel(/^Select 0/)
    .nth(1)
    .check()
  await page.getByRole('button', { name: 'Drop 2 selected' }).click()
  await page.getByRole('dialog').getByLabel('Reason').fill('Sent by a taken over account')
  await picture(page, 'drop-390')
  await page.getByRole('dialog').getByRole('button', { name: 'Drop 2' }).click()
  await page.getByText(/2 messages being dropped/).waitFor()
  await eventually(async () => (await held()) === 2, { deadlineMs: 30_000 })
  assert.equal(stage.sink.messages.length, 1)
  const { entries } = (await api(stage.gateway, 'GET', '/api/audit?action=quarantine.drop')).body
  assert.equal(entries[0].reason, 'Sent by a taken over account')
  assert.deepEqual(faults, [])
})

test('a destination is paused and resumed, retried and cancelled', { skip }, async () => {
  const { page, faults } = await stage.open({ path: '/queue' })
  const bulk = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'bulk' }) })
  const give = async (button: string, reason: string, verb: string): Promise<void> => {
    await bulk.getByRole('button', { name: button }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill(reason)
    await page.getByRole('dialog').getByRole('button', { name: verb }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }
  await bulk.getByText('451 4.7.1 greylisted').waitFor()
  await give('Pause', 'Maintenance of the relay', 'Pause')
  await bulk.getByText('paused', { exact: true }).waitFor()
  await page.getByRole('table', { name: 'Standing orders' }).getByText('Maintenance of the relay').waitFor()
  assert.deepEqual(await axeViolations(page), [])
  await give('Resume', 'It is back', 'Resume')
  await bulk.getByText('paused', { exact: true }).waitFor({ state: 'detached' })
  await bulk.getByRole('button', { name: 'Show messages' }).click()
  await page.getByRole('table', { name: 'Waiting messages' }).getByText('news@newsletter.example.com').first().waitFor()
  const attempts = (): number => stage.bulk.commands.filter((command) => command.startsWith('RCPT')).length
  const before = attempts()
  await give('Retry now', 'The relay has capacity again', 'Retry now')
  await eventually(() => attempts() > before, { deadlineMs: 30_000 })
  await give('Cancel all', 'An old edition', 'Cancel the delivery')
  await eventually(async () => (await api(stage.gateway, 'GET', '/api/queue')).body.messages === 0, { deadlineMs: 60_000 })
  await bulk.getByText('nothing waits').waitFor()
  assert.deepEqual(faults, [])
})
