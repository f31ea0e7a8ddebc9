/** A hostile message is looked at without loading, running or sending anything; only operators may. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
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
let id = ''
/** What a message would reach if anything got out. */
const asked: string[] = []
const trap = createServer((request, response) => {
  asked.push(request.url ?? '')
  response.end()
})

before(async () => {
  if (skip) return
  stage = await browserStage()
  await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve))
  const address = trap.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  const html = `<html><head><meta http-equiv="refresh" content="0;url=${url}/refresh"><link rel="stylesheet" href="${url}/style.css">
<base href="${url}/"><style>@import url("${url}/import.css"); h1 { color: rgb(10, 120, 60); background: url("${url}/style.png") }</style></head>
<body onload="parent.hostile = 1"><h1>Dear customer</h1><p style="font-weight: bold">Your account is <a href="${url}/link" ping="${url}/ping">locked</a>.</p>
<img src="${url}/pixel.gif" alt="pixel"><img src="x" onerror="parent.hostile = 1"><script>parent.hostile = 1; fetch("${url}/fetch")</script>
<iframe src="${url}/frame"></iframe><form action="${url}/form"><input name="password"></form><svg onload="parent.hostile = 1"></svg>
<object data="${url}/object"></object><video poster="${url}/poster"></video></body></html>`
  const content = [
    'From: agent@example.com',
    'To: customer@example.net',
    'Subject: Your account',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/html; charset=utf-8',
    '',
    html,
    '--b',
    'Content-Type: application/pdf; name="invoice.pdf"',
    'Content-Disposition: attachment; filename="invoice.pdf"',
    '',
    'not really',
    '--b--',
    '',
  ].join('\r\n')
  const [reply] = await sendMail(stage.gateway.port('smtp'), 'helpdesk', [
    { from: 'agent@example.com', subject: 'Your account', content },
  ])
  id = reply?.text.split(' ').at(-1) ?? ''
  await eventually(async () => (await api(stage.gateway, 'GET', '/api/quarantine')).body.total === 1, { deadlineMs: 30_000 })
})
after(async () => {
  await stage?.stop()
  await new Promise((resolve) => trap.close(resolve))
})

test('an operator sees how it looks, and nothing of it acts', { skip }, async () => {
  const { page } = await stage.open({ path: `/messages/${id}`, scope: 'operator' })
  await page.getByRole('button', { name: 'Show the content' }).click()
  const frame = page.frameLocator('iframe')
  await frame.getByRole('heading', { name: 'Dear customer' }).waitFor()
  assert.equal(
    await frame.getByRole('heading', { name: 'Dear customer' }).evaluate((element) => getComputedStyle(element).color),
    'rgb(10, 120, 60)',
  )
  await page.getByText('invoice.pdf (application/pdf').waitFor()
  await frame.getByText('locked').click()
  assert.deepEqual(await axeViolations(page), [])
  await picture(page, 'preview')
  assert.equal(await page.evaluate(() => 'hostile' in window), false)
  assert.equal(await frame.locator('body :is(script, form, iframe, object, svg, [onerror], [onload], a[href])').count(), 0)
  await page.getByRole('tab', { name: 'Source' }).click()
  await page.getByText('Content-Type: multipart/mixed').waitFor()
  assert.deepEqual(asked, [])
  const { entries } = (await api(stage.gateway, 'GET', '/api/audit?action=content.read')).body
  assert.deepEqual([entries[0].subject, entries[0].token], [id, 'operator'])
})

test('a viewer sees the life of a message, but not its content', { skip }, async () => {
  const { page, faults } = await stage.open({ path: `/messages/${id}`, scope: 'viewer' })
  await page.getByText('Held in quarantine').waitFor()
  await page.getByText('The content of messages is shown to operators.').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Show the content' }).count(), 0)
  assert.deepEqual(faults, [])
})
