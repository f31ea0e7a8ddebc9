import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type LaneJob, lanes } from './lanes.ts'

interface Item extends LaneJob {
  readonly name: string
}
const item = (destination: string, name: string, admittedAtMs = 0): Item => ({
  destination,
  name,
  class: 'normal',
  application: 'a',
  admittedAtMs,
})

function scripted(limit: number) {
  const running = new Map<string, () => void>()
  const sent = new Map<string, () => void>()
  const made = lanes<Item>({
    limit: () => limit,
    writing: 1,
    run: ({ name }, isSent) => {
      sent.set(name, isSent)
      return new Promise((resolve) => void running.set(name, resolve))
    },
  })
  const end = async (name: string): Promise<void> => {
    running.get(name)?.()
    running.delete(name)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { lanes: made, running, end, sent: (name: string) => sent.get(name)?.() }
}

test('a destination has at most its limit at once, and another is not held up by it', async () => {
  const { lanes, running, end } = scripted(2)
  for (const name of ['1', '2', '3']) lanes.admit(item('slow', name))
  lanes.admit(item('fast', 'f'))
  assert.deepEqual([...running.keys()], ['1', '2', 'f'])
  await end('1')
  assert.deepEqual([...running.keys()], ['2', 'f', '3'])
  assert.equal(lanes.size, 3)
})

test('what is sent makes room for the next, up to the limit once more', async () => {
  const { lanes, running, end, sent } = scripted(2)
  for (const name of ['1', '2', '3', '4', '5']) lanes.admit(item('d', name))
  assert.deepEqual([...running.keys()], ['1', '2'])
  for (const name of ['1', '1', '2', '3']) sent(name)
  assert.deepEqual([...running.keys()], ['1', '2', '3', '4'], 'once for each, and not more than twice the limit')
  await end('1')
  assert.deepEqual([...running.keys()], ['2', '3', '4', '5'])
  await end('4')
  assert.equal(lanes.size, 3)
})

test('overflow: only beyond limit + 20, and only what has waited', () => {
  const { lanes } = scripted(2)
  for (let index = 0; index < 40; index++) lanes.admit(item('slow', `${index}`, index < 30 ? 0 : 1_000))
  lanes.admit(item('other', 'x', 0))
  assert.equal(lanes.takeOverflow(500, 600).length, 0)
  assert.equal(lanes.takeOverflow(700, 600).length, 18)
  assert.equal(lanes.takeOverflow(700, 600).length, 0)
  assert.equal(lanes.size, 23)
})

test('stop starts nothing new and waits for what runs', async () => {
  const { lanes, running, end } = scripted(1)
  lanes.admit(item('d', '1'))
  lanes.admit(item('d', '2'))
  let isStopped = false
  const stopped = lanes.stop().then(() => {
    isStopped = true
  })
  assert.equal(isStopped, false)
  await end('1')
  await stopped
  assert.equal(running.size, 0)
})
