import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Closers } from './closers.ts'

test('the last that was started stops first, one after the other, and a failure keeps nobody running', async () => {
  const closers = new Closers()
  const closed: string[] = []
  const failure = new Error('stuck')
  for (const name of ['bus', 'console', 'ingress']) {
    closers.push(name, async () => {
      closed.push(`${name} stops`)
      await Promise.resolve()
      closed.push(`${name} stopped`)
      if (name === 'console') throw failure
    })
  }
  assert.deepEqual(await closers.closeAll(), [{ name: 'console', error: failure }])
  const order = ['ingress', 'console', 'bus']
  assert.deepEqual(
    closed,
    order.flatMap((name) => [`${name} stops`, `${name} stopped`]),
  )
  assert.deepEqual(await closers.closeAll(), [])
  assert.equal(closed.length, 6)
})
