import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FairLine } from './fair-line.ts'

const nobody = { isWanted: () => true, resolve: () => undefined, reject: () => undefined }
const of = (application: string, sender: string) => ({
  ...nobody,
  application,
  message: {
    content: Buffer.from(''),
    contentBytes: 0,
    sender,
    recipients: [],
    isBulk: false,
    isSmtpUtf8: false,
    receivedAt: 0,
  },
})
const senders = (line: FairLine, count: number) => Array.from({ length: count }, () => line.next()?.message.sender)

test('one message of an application waits for one of a flood, not for all of it', () => {
  const line = new FairLine()
  for (let index = 0; index < 1_000; index++) line.add(of('flood', `f${index}`))
  assert.deepEqual(senders(line, 2), ['f0', 'f1'])
  line.add(of('quiet', 'q0'))
  line.add(of('quiet', 'q1'))
  line.add(of('other', 'o0'))
  assert.deepEqual(senders(line, 6), ['f2', 'q0', 'o0', 'f3', 'q1', 'f4'])
  assert.equal(line.size, 995)
  assert.deepEqual([...line.rest()].length, 995)
  assert.equal(line.next(), undefined)
  assert.equal(line.size, 0)
})

test('those of one application keep their order', () => {
  const line = new FairLine()
  for (let index = 0; index < 5; index++) line.add(of('a', `${index}`))
  assert.deepEqual(senders(line, 6), ['0', '1', '2', '3', '4', undefined])
})
