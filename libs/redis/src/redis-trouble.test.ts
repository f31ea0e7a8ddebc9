import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isConnectionLost, reasonOf, wasNotDone } from './redis-trouble.ts'

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name })

test('what an error says holds no argument of a command and no password', () => {
  const cases: readonly [unknown, string][] = [
    [new Error('connect ECONNREFUSED 127.0.0.1:1'), 'connect ECONNREFUSED 127.0.0.1:1'],
    [new Error('ERR unknown command `HELLO`, with args beginning with: `3` `AUTH` `u` `other`\n'), 'ERR unknown command `HELLO`'],
    [new Error('ERR s3cret is not a number'), 'ERR … is not a number'],
    [Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [named('Odd', ''), 'Odd'],
    ['text', 'text'],
  ]
  for (const [error, reason] of cases) assert.equal(reasonOf(error, 's3cret'), reason)
  assert.equal(reasonOf(new Error('WRONGPASS'), undefined), 'WRONGPASS')
})

test('which failures allow to do it again', () => {
  const cases: readonly [unknown, boolean, boolean][] = [
    [named('MaxRetriesPerRequestError', 'Reached the max retries'), true, false],
    [named('AbortError', 'Command aborted'), true, false],
    [new Error('Connection is closed.'), true, false],
    [new Error("Stream isn't writeable and enableOfflineQueue options is false"), true, true],
    [new Error("READONLY You can't write against a read only replica."), true, true],
    [new Error('Command timed out'), false, false],
    [new Error('OOM command not allowed'), false, false],
    ['text', false, false],
  ]
  for (const [error, isLost, isNotDone] of cases)
    assert.deepEqual([isConnectionLost(error), wasNotDone(error)], [isLost, isNotDone])
})
