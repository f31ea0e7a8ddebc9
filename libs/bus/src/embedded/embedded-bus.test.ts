import type { TopicSpec } from '@sallyport/contracts'
import { openEnvironment } from '@sallyport/lmdb'
import { temporaryFolder } from '@sallyport/testkit'
import { busContract, type OpenBus } from '../bus.contract.ts'
import type { Bus } from '../port.ts'
import { openEmbeddedBus } from './embedded-bus.ts'

const openIn: OpenBus = async (topics) => {
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
}

/** Topics that are deleted when read: plain records are handed over before they are written. */
const deletedWhenRead = ({ name, retention }: TopicSpec): TopicSpec =>
  retention.kind === 'age' && name !== 'mail.dead' ? { name, retention: { ...retention, orWhenRead: true } } : { name, retention }

/** A group that came once and settles nothing, so that all is kept for groups that come late, as the contract wants it. */
const openWriteBehind: OpenBus = async (topics) => {
  const opened = await openIn(topics.map(deletedWhenRead))
  const kept = topics.map(deletedWhenRead).filter(({ retention }) => retention.kind === 'age' && retention.orWhenRead)
  const keeper = await opened.bus.consume({ group: 'keeper', topics: kept.map(({ name }) => name), handle: () => {} })
  await keeper.stop()
  return opened
}

busContract('embedded', openIn)
busContract('embedded, written behind', openWriteBehind)
