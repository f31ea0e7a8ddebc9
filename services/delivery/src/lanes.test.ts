import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type LaneJob, type LanePlace, lanes } from './lanes.ts'

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
  const places = new Map<string, LanePlace>()
  const made = lanes<Item>({
    limit: () => limit,
    writing: 1,
    run: ({ name }, place) => {
      places.set(name, place)
      return new Promise((resolve) => void running.set(name, resolve))
    },
  })
  const end = async (name: string): Promise<void> => {
    running.get(name)?.()
    running.delete(name)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return {
    lanes: made,
    running,
    end,
    sent: (name: string) => places.get(name)?.sent(),
    contentSent: (name: string) => places.get(name)?.contentSent(),
    places,
  }
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

test('behind a content that is out the next follows, and has the place when the one before it is sent', async () => {
  const { lanes, running, end, sent, contentSent, places } = scripted(1)
  lanes.admit(item('d', '1'))
  assert.equal(contentSent('1'), false, 'nobody waits')
  for (const name of ['2', '3', '4']) lanes.admit(item('d', name))
  assert.equal(contentSent('1'), true)
  assert.equal(contentSent('1'), false, 'one follows, not more')
  assert.deepEqual([...running.keys()], ['1', '2'])
  let isFree = false
  const free = places.get('2')?.free?.then(() => {
    isFree = true
  })
  await end('x')
  assert.equal(isFree, false)
  sent('1')
  await free
  assert.deepEqual([...running.keys()], ['1', '2'], 'the place has changed hands, and no other is free')
  await end('1')
  sent('2')
  assert.deepEqual([...running.keys()], ['2', '3'], 'it is free')
  assert.equal(places.get('3')?.free, undefined)
})

test('who follows and ends first leaves no place behind', async () => {
  const { lanes, running, end, sent, contentSent } = scripted(1)
  for (const name of ['1', '2', '3', '4']) lanes.admit(item('d', name))
  contentSent('1')
  await end('2')
  assert.deepEqual([...running.keys()], ['1'])
  sent('1')
  assert.deepEqual([...running.keys()], ['1', '3'])
  await end('1')
  await end('3')
  assert.deepEqual([...running.keys()], ['4'])
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
