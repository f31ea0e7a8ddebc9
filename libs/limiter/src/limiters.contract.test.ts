import { after } from 'node:test'
import { type Environment, openEnvironment } from '@sallyport/lmdb'
import { fakeClock, type MemoryEnvironment, memoryEnvironment, memoryLimiter, temporaryFolder } from '@sallyport/testkit'
import { openEmbeddedLimiter } from './embedded-limiter.ts'
import { limiterContract } from './limiter.contract.ts'
import type { Limiter } from './port.ts'

function clockOfNow() {
  const clock = fakeClock({ now: Date.now() })
  return {
    clock,
    advance: async (ms: number) => clock.advance(ms),
    advanceMinutes: async (minutes: number) => clock.advance(minutes * 60_000),
  }
}

for (const [name, sizes] of [
  ['embedded', {}],
  ['embedded, with next to no memory', { maxBucketsInMemory: 2, maxReservationsInMemory: 1 }],
] as const) {
  const time = clockOfNow()
  let environment: MemoryEnvironment = memoryEnvironment()
  limiterContract({
    name,
    ...time,
    open() {
      environment = memoryEnvironment()
      return openEmbeddedLimiter({ environment, clock: time.clock, ...sizes })
    },
    reopen: () => openEmbeddedLimiter({ environment, clock: time.clock, ...sizes }),
  })
}

{
  const time = clockOfNow()
  const folder = temporaryFolder()
  let opened: { environment: Environment; path: string } | undefined
  let count = 0
  const openOn = async (path: string): Promise<Limiter> => {
    await opened?.environment.close()
    opened = { environment: await openEnvironment({ path, mapBytes: 64 * 1024 * 1024 }), path }
    return await openEmbeddedLimiter({ environment: opened.environment, clock: time.clock })
  }
  limiterContract({
    name: 'embedded, on LMDB',
    ...time,
    runs: 15,
    open: () => openOn(folder.join(String(++count))),
    reopen: () => openOn(opened?.path ?? ''),
  })
  after(async () => {
    await opened?.environment.close()
    folder.remove()
  })
}

{
  const time = clockOfNow()
  let limiter = memoryLimiter(time.clock)
  limiterContract({
    name: 'memory (testkit)',
    ...time,
    async open() {
      limiter = memoryLimiter(time.clock)
      return limiter
    },
    reopen: async () => limiter,
  })
}
