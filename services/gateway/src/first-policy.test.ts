import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordingLogger } from '@sallyport/testkit'
import { firstPolicy } from './first-policy.ts'

function stage(isLoaded: boolean) {
  const listeners = new Set<(policy: never) => void>()
  const told: (string | undefined)[] = []
  const { log } = recordingLogger()
  const policy = {
    isLoaded: () => isLoaded,
    onChange(listener: (policy: never) => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return {
    told,
    listeners,
    come: () => {
      for (const listener of listeners) listener(undefined as never)
    },
    wait: (waitMs: number, mayComeFromOthers = true) =>
      firstPolicy(policy, { mayComeFromOthers, waitMs, file: '/policy.yaml', log, tell: (why) => told.push(why) }),
  }
}

test('a policy that is there is not waited for', async () => {
  const { wait, told } = stage(true)
  await wait(0)
  assert.deepEqual(told, [])
})

test('the console of another process may come later: until then the process says what it waits for', async () => {
  const { wait, come, told, listeners } = stage(false)
  const waiting = wait(60_000)
  assert.match(told.at(-1) ?? '', /the first policy, which a process with the role console writes/)
  come()
  await waiting
  assert.equal(told.at(-1), undefined)
  assert.equal(listeners.size, 0)
})

test('not for ever, and not at all where nobody else can write it', async () => {
  const { wait, listeners } = stage(false)
  await assert.rejects(wait(1), {
    code: 'POLICY_INVALID',
    message: /start a process with the role console on the same kafka\.brokers/,
  })
  assert.equal(listeners.size, 0)
  await assert.rejects(wait(60_000, false), {
    code: 'POLICY_INVALID',
    message: /start once with the role console, which reads \/policy\.yaml/,
  })
})
