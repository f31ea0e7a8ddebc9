/** What lines tell and do not tell, and how much is logged, changed while everything runs. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type LogLevelRow, logLevelKey, policyTopicCodec, topics } from '@sallyport/contracts'
import { eventually, memoryBus } from '@sallyport/testkit'
import { followLogLevel } from './follow-log-level.ts'
import { openLog } from './logger.ts'
import { withoutAddresses } from './without-addresses.ts'

function kept(options: Partial<Parameters<typeof openLog>[0]> = {}) {
  const lines: string[] = []
  const destination = { write: (line: string) => void lines.push(line) }
  return { lines, ...openLog({ level: 'info', instance: 'i', destination, ...options }) }
}

test('no mail address is in a line, wherever it stood; what is none stays', () => {
  for (const [written, expected] of [
    ['550 5.1.1 <anna.smith+x@example.com> is unknown', '550 5.1.1 <[address]> is unknown'],
    ['to anna@example.com, bob@example.net; and Ünïcode@bücher.example.', 'to [address], [address]; and [address]'],
    ["sender (o'hara@sub.example.com)", 'sender ([address])'],
    ['root@localhost and x@[192.0.2.1] and x@[IPv6:2001:db8::1]', '[address] and [address] and [address]'],
    [JSON.stringify('"anna smith"@example.com'), '"[address]"'],
    ['SRS0=abc=xy=example.com=anna@relay.example', '[address]'],
    ['at file:///srv/node_modules/@sallyport/bus/index.ts:3:1', 'at file:///srv/node_modules/@sallyport/bus/index.ts:3:1'],
    ['no address here: a @ b, @, 10 % @', 'no address here: a @ b, @, 10 % @'],
  ] as const)
    assert.equal(withoutAddresses(written), expected)
})

test('lines are JSON without addresses and secrets, also in errors; addresses are told where they are wanted', () => {
  const { log, lines } = kept()
  const err = new Error('next hop: 550 5.1.1 <anna@example.com> unknown')
  log.warn({ err, sender: 'bob@example.net', password: 'p4ss', auth: { token: 't0ken', secret: 's3cret' } }, 'to carol@example.org')
  const [line = ''] = lines
  for (const secret of ['anna', 'bob@', 'carol', 'p4ss', 't0ken', 's3cret']) assert.equal(line.includes(secret), false, line)
  assert.equal(JSON.parse(line).msg, 'to [address]')
  const clear = kept({ addresses: 'clear' })
  clear.log.info({ sender: 'bob@example.net', token: 't0ken' }, 'x')
  assert.match(clear.lines[0] ?? '', /bob@example\.net/)
  assert.doesNotMatch(clear.lines[0] ?? '', /t0ken/)
})

test('levels change for all or for some roles, their consumers included, and go back to what is configured', () => {
  const { log, levels } = kept()
  const delivery = log.child({ role: 'delivery' })
  const consumer = log.child({ group: 'delivery-send' })
  const ingress = log.child({ role: 'ingress' })
  const all = (): readonly string[] => [log, delivery, consumer, ingress].map(({ level }) => level)
  levels.set('debug', ['delivery'])
  assert.deepEqual(all(), ['info', 'debug', 'debug', 'info'])
  levels.set('trace')
  assert.deepEqual(all(), ['trace', 'trace', 'trace', 'trace'])
  levels.restore()
  assert.deepEqual(all(), ['info', 'info', 'info', 'info'])
  assert.equal(levels.toggleDebug(), 'debug')
  assert.deepEqual(all(), ['debug', 'debug', 'debug', 'debug'])
  assert.equal(levels.toggleDebug(), 'info')
})

test('a process follows the row of the table until its time is over, also one that stood when it started', async () => {
  const bus = memoryBus()
  const clock = { now: () => Date.now(), elapsed: () => performance.now() }
  const put = async (row: Pick<LogLevelRow, 'level' | 'roles' | 'until'> | null): Promise<void> => {
    const value = row && policyTopicCodec.encode({ v: 1, kind: 'log-level', by: 'anna', at: clock.now(), ...row })
    await bus.publish({ topic: topics.policy.name, key: logLevelKey, value })
  }
  await put({ level: 'debug', roles: [], until: clock.now() + 60_000 })
  const process = kept()
  const following = await followLogLevel(bus, { ...process, clock })
  assert.equal(process.log.level, 'debug')
  await put(null)
  await eventually(() => process.log.level === 'info')
  await put({ level: 'trace', roles: [], until: clock.now() + 300 })
  await eventually(() => process.log.level === 'trace' || process.log.level === 'info')
  await eventually(() => process.log.level === 'info', { what: 'the time is over' })
  await put({ level: 'error', roles: [], until: clock.now() - 1 })
  await put({ level: 'debug', roles: ['nobody'], until: clock.now() + 60_000 })
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(process.log.level, 'info')
  await following.stop()
})
