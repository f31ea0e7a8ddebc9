/** The bus's contract, against a real broker of Kafka. */
import assert from 'node:assert/strict'
import { after, before, suite } from 'node:test'
import { type Bus, openKafkaBus } from '@sallyport/bus'
import { busContract } from '@sallyport/bus/contract'
import { silentLogger } from '@sallyport/testkit'
import { type Kafka, startKafka } from '../../infra/kafka.ts'
import { kafkaMissing } from '../../infra/kafka-libraries.ts'

suite('on Kafka', { skip: kafkaMissing }, () => {
  let kafka: Kafka
  before(async () => {
    kafka = await startKafka()
  })
  after(() => kafka.remove())

  busContract('Kafka', async (topics) => {
    let bus: Bus
    const open = async (): Promise<Bus> => {
      bus = await openKafkaBus({
        kafka: { brokers: kafka.bootstrap },
        topics,
        partitions: 4,
        replication: 1,
        instance: 'contract',
        log: silentLogger(),
      })
      assert.ok(bus.unread, 'the contract looks at what waits only where the bus can')
      return bus
    }
    return {
      bus: await open(),
      async reopen() {
        await bus.close()
        return open()
      },
      close: () => bus.close(),
    }
  })
})
