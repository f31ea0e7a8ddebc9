import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UploadMemory } from './upload-memory.ts'

const never = new AbortController().signal
const memoryOf = (totalBytes: number, waitMs = 60_000) => new UploadMemory({ totalBytes, smallBytes: 1, partBytes: 10, waitMs })
const turns = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Who has entered, in order. */
function asking(memory: UploadMemory) {
  const entered: string[] = []
  const ask = (name: string, share: 'small' | 'part', signal = never) =>
    memory.take(share, signal).then((bytes) => {
      entered.push(name)
      return bytes
    })
  return { entered, ask }
}

test('who finds no room waits in order', async () => {
  const memory = memoryOf(20)
  const { entered, ask } = asking(memory)
  await Promise.all([ask('a', 'part'), ask('b', 'part')])
  for (const name of ['c', 'd', 'e']) void ask(name, 'part')
  await turns()
  assert.deepEqual(entered, ['a', 'b'])
  memory.give(10)
  await turns()
  assert.deepEqual(entered, ['a', 'b', 'c'])
  memory.give(20)
  await turns()
  assert.deepEqual(entered, ['a', 'b', 'c', 'd', 'e'])
  assert.equal(memory.bytes, 20)
})

test('small shares leave room for a part, which is let in before those that have nothing yet', async () => {
  const memory = memoryOf(14)
  const { entered, ask } = asking(memory)
  for (const name of ['1', '2', '3', '4', '5', '6']) void ask(name, 'small')
  await turns()
  assert.deepEqual(entered, ['1', '2', '3', '4'])
  for (const name of ['A', 'B']) void ask(name, 'part')
  await turns()
  assert.deepEqual(entered.slice(4), ['A'])
  memory.give(11)
  await turns()
  assert.deepEqual(entered.slice(5), ['B'])
  memory.give(11)
  await turns()
  assert.deepEqual(entered.slice(6), ['5', '6'])
})

test('many that all outgrow their small share end, one after the other, within the total', async () => {
  const memory = memoryOf(15)
  let [most, ended] = [0, 0]
  const upload = async (): Promise<void> => {
    const small = await memory.take('small', never)
    await turns()
    const part = await memory.take('part', never)
    most = Math.max(most, memory.bytes)
    await turns()
    memory.give(small + part)
    ended++
  }
  await Promise.all(Array.from({ length: 50 }, upload))
  assert.deepEqual([ended, memory.bytes], [50, 0])
  assert.ok(most <= 15, `${most}`)
})

test('less than one upload needs is as much as one needs', async () => {
  const memory = memoryOf(1)
  assert.deepEqual([await memory.take('small', never), await memory.take('part', never)], [1, 10])
})

test('who gives up waiting, or has waited too long, makes room for the next', async () => {
  const memory = memoryOf(11, 30)
  const { entered, ask } = asking(memory)
  await Promise.all([ask('small', 'small'), ask('part', 'part')])
  const abort = new AbortController()
  const gone = assert.rejects(ask('gone', 'part', abort.signal), /client left/)
  const late = assert.rejects(ask('late', 'part'), { code: 'STORE_UNAVAILABLE', message: /no room within 30 ms/ })
  abort.abort(new Error('client left'))
  await gone
  await late
  await assert.rejects(ask('never', 'part', abort.signal), /client left/)
  memory.give(11)
  await Promise.all([ask('next', 'small'), ask('last', 'part')])
  assert.deepEqual(entered, ['small', 'part', 'next', 'last'])
  assert.equal(memory.bytes, 11)
})
