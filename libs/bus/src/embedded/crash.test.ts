/** kill -9 of a process that publishes: what was acknowledged is there, in order, and no offset is used again. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { test } from 'node:test'
import type { TopicSpec } from '@sallyport/contracts'
import { openEnvironment } from '@sallyport/lmdb'
import { eventually, type TemporaryFolder, temporaryFolder } from '@sallyport/testkit'
import { offsetsPerEpoch } from './bus-store.ts'
import { openEmbeddedBus } from './embedded-bus.ts'

const specs: readonly TopicSpec[] = ['a', 'b'].map((name) => ({ name, retention: { kind: 'age', ms: 86_400_000 } }))

/** Publishes 0, 1, 2, … to both topics in turn, each third durably, and says the offset of each; its group stays at 10. */
const script = (path: string): string => `
  import { openEnvironment } from '@sallyport/lmdb'
  import { openEmbeddedBus } from ${JSON.stringify(new URL('./embedded-bus.ts', import.meta.url))}
  const environment = await openEnvironment({ path: ${JSON.stringify(path)} })
  const bus = await openEmbeddedBus({ environment, topics: ${JSON.stringify(specs)}, partitions: 1 })
  await bus.consume({ group: 'g', topics: ['a'], settle: 'manual', handle: (record) => { if (Number(record.key) < 20) record.settle() } })
  for (let n = 0; ; n++) {
    const isDurable = n % 3 === 0
    const published = bus.publish({ topic: n % 2 ? 'b' : 'a', key: String(n), value: Buffer.alloc(1000, 120) }, { durable: isDurable })
    const say = ({ offset }) => process.stdout.write(JSON.stringify({ n, offset }) + '\\n')
    if (isDurable) say(await published)
    else void published.then(say)
  }`

interface Said {
  readonly n: number
  readonly offset: number
}

async function publishUntilKilled(folder: TemporaryFolder, lines: number): Promise<readonly Said[]> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script(folder.path)], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk) => {
      said += chunk
      if (said.split('\n').length > lines) child.kill('SIGKILL')
    })
    child.once('close', () => resolve())
  })
  return said
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

test('after kill -9 all that was acknowledged is there, a prefix of what was published; the epoch is raised', async () => {
  using folder = temporaryFolder()
  let highest = -1
  for (let start = 0; start < 2; start++) {
    const said = await publishUntilKilled(folder, 300)
    assert.ok(said.length >= 300)
    const environment = await openEnvironment({ path: folder.path })
    const bus = await openEmbeddedBus({ environment, topics: specs, partitions: 1 })
    assert.equal(environment.epoch, start + 1)
    const found = new Map<number, number>()
    const inOrder: Record<string, number[]> = { a: [], b: [] }
    await bus.consume({
      group: 'all',
      topics: ['a', 'b'],
      handle: ({ topic, key, offset }) => {
        if (offset <= highest) return
        found.set(Number(key), offset)
        inOrder[topic]?.push(Number(key))
      },
    })
    await eventually(async () => (await bus.lag('all', ['a', 'b'])).every(({ records }) => records === 0))
    for (const { n, offset } of said) assert.equal(found.get(n), offset, `record ${n}`)
    assert.deepEqual(
      [...found.keys()].sort((a, b) => a - b),
      Array.from({ length: found.size }, (_, n) => n),
      'a prefix',
    )
    for (const keys of Object.values(inOrder))
      assert.deepEqual(
        keys,
        keys.toSorted((a, b) => a - b),
      )

    const again: number[] = []
    const consumer = await bus.consume({
      group: 'g',
      topics: ['a'],
      settle: 'manual',
      drainMs: 0,
      handle: ({ key, offset }) => void (offset > highest && again.push(Number(key))),
    })
    if (start === 0) {
      await eventually(() => again.includes(20), { what: 'the first record that was not settled' })
      assert.equal(again[0], again.toSorted((a, b) => a - b)[0])
      assert.ok((again[0] ?? 99) <= 20, `${again[0]} is not settled`)
    }
    await consumer.stop()

    const lost = Math.max(...said.map(({ offset }) => offset), ...found.values())
    const { offset } = await bus.publish({ topic: 'a', key: 'next', value: null })
    assert.ok(offset > lost && Math.floor(offset / offsetsPerEpoch) === start + 1, `${offset} after ${lost}`)
    highest = Math.max(offset, (await bus.publish({ topic: 'b', key: 'next', value: null })).offset)
    await bus.close()
    await environment.close()
  }
})
