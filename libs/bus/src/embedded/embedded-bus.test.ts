import { openEnvironment } from '@sallyport/lmdb'
import { temporaryFolder } from '@sallyport/testkit'
import { busContract } from '../bus.contract.ts'
import type { Bus } from '../port.ts'
import { openEmbeddedBus } from './embedded-bus.ts'

busContract('embedded', async (topics) => {
  const folder = temporaryFolder()
  let close = async (): Promise<void> => {}
  const open = async (): Promise<Bus> => {
    const environment = await openEnvironment({ path: folder.path })
    const bus = await openEmbeddedBus({ environment, topics, partitions: 4 })
    close = async () => {
      await bus.close()
      await environment.close()
    }
    return bus
  }
  return {
    bus: await open(),
    async reopen() {
      await close()
      return open()
    },
    async close() {
      await close()
      folder.remove()
    },
  }
})
