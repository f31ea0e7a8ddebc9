import { busContract } from '@sallyport/bus/contract'
import { memoryBus } from './memory-bus.ts'

busContract('in memory', async (topics) => {
  let bus = memoryBus({ topics: topics.map(({ name }) => name) })
  return {
    bus,
    async reopen() {
      bus = await bus.reopen()
      return bus
    },
    close: () => bus.close(),
  }
})
