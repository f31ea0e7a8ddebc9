import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SallyportError } from '@sallyport/contracts'
import { recordingLogger } from '@sallyport/testkit'
import { untilThere } from './until-there.ts'

const away = (): SallyportError => new SallyportError('BUS_UNAVAILABLE', 'connection refused')

test('what is not there yet is tried until it is, and said meanwhile', async () => {
  const { log, lines } = recordingLogger()
  const told: (string | undefined)[] = []
  let tries = 0
  const opened = await untilThere(
    async () => {
      if (++tries < 3) throw away()
      return 'open'
    },
    { what: 'Kafka at k:9092', log, tell: (why) => told.push(why), firstWaitMs: 1 },
  )
  assert.equal(opened, 'open')
  assert.deepEqual(told, ['Kafka at k:9092: connection refused', 'Kafka at k:9092: connection refused', undefined])
  assert.equal(lines.filter(({ msg }) => msg === 'Kafka at k:9092 is not there yet: it is tried again').length, 2)
})

test('what waiting cannot mend ends the start', async () => {
  const { log } = recordingLogger()
  const refused = new SallyportError('CONFIG_INVALID', 'the cluster has one broker, replication is 3')
  let tries = 0
  const opening = untilThere(
    async () => {
      tries++
      throw refused
    },
    { what: 'Kafka', log, tell: () => {} },
  )
  await assert.rejects(opening, refused)
  assert.equal(tries, 1)
})
