/** What every port on Redis promises when Redis fails: calls end with its error and never hang, and it recovers by itself. */
import assert from 'node:assert/strict'
import { after, afterEach, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RedisChange, RedisServer } from '@sallyport/redis'
import { eventually, freePort } from '@sallyport/testkit'
import { goMissing } from '../infra/go-program.ts'
import { type Redis, startRedis } from '../infra/redis.ts'
import { startToxiproxy, type Toxiproxy } from '../infra/toxiproxy.ts'

interface Probed {
  /** One call of the port. Resolves with true where it was done. */
  probe(): Promise<boolean>
  close(): Promise<void>
}

interface RedisFaults {
  readonly name: string
  /** The error of the port. */
  readonly code: string
  open(redis: RedisServer, onChange: (change: RedisChange) => void): Promise<Probed>
}

/** Far beyond what a call may take: it is there to tell a call that hangs. */
const hangsMs = 15_000
const recoveryMs = 15_000

export function redisFaults({ name, code, open }: RedisFaults): void {
  suite(`${name} while Redis fails`, () => {
    let redis: Redis
    let opened: Probed
    let changes: RedisChange[] = []
    before(async () => {
      redis = await startRedis()
    })
    after(() => redis.stop())
    afterEach(() => opened.close())

    const openOn = async (server: RedisServer): Promise<void> => {
      changes = []
      opened = await open(server, (change) => void changes.push(change))
    }
    const works = () => eventually(() => opened.probe(), { deadlineMs: recoveryMs, what: `${name} works` })
    /** A few at once and then one more: all fail as the port says. */
    const fails = async (): Promise<void> => {
      for (const count of [20, 1]) {
        const ends = await ended(Array.from({ length: count }, () => opened.probe()))
        for (const end of ends) {
          assert.equal(end.status, 'rejected')
          assert.deepEqual([end.reason.code, end.reason.retriable], [code, true])
        }
      }
    }
    const wasToldOnce = async (): Promise<void> => {
      await eventually(() => changes.at(-1)?.isUp, { deadlineMs: recoveryMs, what: `${name} says that it is up` })
      assert.deepEqual(
        changes.map(({ isUp }) => isUp),
        [false, true],
      )
    }

    test('gone at the start, then there', async () => {
      const port = await freePort()
      await openOn({ host: '127.0.0.1', port })
      await fails()
      const late = await startRedis({ port })
      await works()
      await wasToldOnce()
      await opened.close()
      await late.stop()
    })

    test('killed under load, and started again without its data', async () => {
      await openOn({ url: redis.url })
      await works()
      let isOver = false
      const worker = async (): Promise<void> => {
        while (!isOver) {
          const [end] = await ended([opened.probe()])
          if (end?.status === 'rejected') assert.equal(end.reason.code, code)
          await sleep(1)
        }
      }
      const workers = Array.from({ length: 10 }, worker)
      await redis.kill()
      await fails()
      redis = await startRedis({ port: redis.port })
      await works()
      isOver = true
      await Promise.all(workers)
      await wasToldOnce()
    })

    test('frozen for 5 s', async () => {
      await openOn({ url: redis.url })
      await works()
      const thawed = sleep(5_000).then(() => redis.thaw())
      redis.freeze()
      await fails()
      await thawed
      await works()
      await wasToldOnce()
    })

    test('closed: calls fail at once, and closing again does nothing', async () => {
      await openOn({ url: redis.url })
      await works()
      await opened.close()
      await opened.close()
      const [end] = await ended([opened.probe()])
      if (end?.status === 'rejected') assert.equal(end.reason.code, code)
    })

    test('closed while Redis never was there', async () => {
      await openOn({ host: '127.0.0.1', port: await freePort() })
      const call = ended([opened.probe()])
      await opened.close()
      await call
    })

    test('a password that is wrong is said to be, and is not told', async () => {
      const port = await freePort()
      const locked = await startRedis({ port, words: ['--requirepass', 'right-pass'] })
      await openOn({ host: '127.0.0.1', port, password: 'wrong-pass' })
      const [end] = await ended([opened.probe()])
      assert.ok(end?.status === 'rejected' && end.reason.code === code)
      assert.match(end.reason.message, /WRONGPASS/)
      assert.doesNotMatch(inspected([end.reason, changes]), /wrong-pass/)
      await opened.close()
      await openOn({ url: `redis://:right-pass@127.0.0.1:${port}` })
      await works()
      await opened.close()
      await locked.stop()
    })

    suite('through a network that fails', { skip: goMissing }, () => {
      let toxiproxy: Toxiproxy
      before(async () => {
        toxiproxy = await startToxiproxy()
      })
      after(() => toxiproxy.stop())

      test('200 ms of latency', async () => {
        const proxy = await toxiproxy.proxy(redis.port)
        await proxy.add({ type: 'latency', stream: 'downstream', attributes: { latency: 200 } })
        await openOn({ host: '127.0.0.1', port: proxy.port })
        await works()
        const ends = await ended(Array.from({ length: 100 }, () => opened.probe()))
        assert.ok(ends.every((end) => end.status === 'fulfilled' && end.value))
      })

      test('cut, and mended', async () => {
        const proxy = await toxiproxy.proxy(redis.port)
        await openOn({ host: '127.0.0.1', port: proxy.port })
        await works()
        await proxy.cut()
        await fails()
        await proxy.mend()
        await works()
        await wasToldOnce()
      })

      test('half open: nothing comes back', async () => {
        const proxy = await toxiproxy.proxy(redis.port)
        await openOn({ host: '127.0.0.1', port: proxy.port })
        await works()
        const heal = await proxy.add({ type: 'timeout', stream: 'downstream', attributes: { timeout: 0 } })
        await fails()
        await heal()
        await works()
        await wasToldOnce()
      })
    })
  })
}

type Ended<T> = PromiseFulfilledResult<T> | { readonly status: 'rejected'; readonly reason: Told }
interface Told extends Error {
  readonly code: string
  readonly retriable: boolean
}

/** Rejects where one hangs. */
async function ended<T>(calls: readonly Promise<T>[]): Promise<readonly Ended<T>[]> {
  const abort = new AbortController()
  const hangs = sleep(hangsMs, undefined, { signal: abort.signal, ref: true }).then(() => assert.fail('a call hangs'))
  try {
    return await Promise.race([Promise.allSettled(calls), hangs])
  } finally {
    abort.abort()
    hangs.catch(() => {})
  }
}

const inspected = (values: readonly unknown[]): string =>
  JSON.stringify(values, (_, value) =>
    value instanceof Error ? { ...value, message: value.message, stack: value.stack, cause: value.cause } : value,
  )
