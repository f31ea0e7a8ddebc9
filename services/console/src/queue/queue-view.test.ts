import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MailEvent } from '@sallyport/contracts'
import { memoryLedger, testPorts } from '@sallyport/testkit'
import { settledEvent } from '../events.cases.ts'
import { followQueue, type QueueView } from './queue-view.ts'

const id = '01934f0e-7c3a-7000-8000-000000000001'

function delivered(attempt = 1): MailEvent {
  const { v, application, traceparent, at } = settledEvent(id)
  return {
    v,
    id,
    application,
    traceparent,
    at: at + 1,
    kind: 'attempted',
    attempt,
    destination: 'default',
    nextHop: '127.0.0.1:25',
    recipients: [{ index: 0, address: 'a@example.net', result: 'delivered', reply: '250 ok' }],
    tookMs: 2,
  }
}

const waitingIds = (view: QueueView): string[] => Array.from(view.all(), (each) => each.id)

async function loadedView(): Promise<QueueView> {
  const view = followQueue({ ...testPorts(), ledger: memoryLedger() })
  await view.loaded
  return view
}

test('what is accepted waits until its attempt says that it is over', async () => {
  const view = await loadedView()
  view.see(settledEvent(id))
  assert.deepEqual(waitingIds(view), [id])
  view.see(delivered())
  assert.deepEqual(waitingIds(view), [])
})

test('an attempt that is heard of before the acceptance, and an acceptance that is heard of again, leave nothing waiting', async () => {
  const view = await loadedView()
  view.see(delivered())
  view.see(settledEvent(id))
  view.see(settledEvent(id))
  assert.deepEqual(waitingIds(view), [])
})
