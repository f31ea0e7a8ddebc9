/**
 * A request to append records to one partition, as a connection of kafkajs takes it (Produce, version 7,
 * https://kafka.apache.org/protocol#The_Messages_Produce). kafkajs encodes one through nine buffers of doubling sizes, which was a
 * quarter of what ingress did; this is written into one.
 */
import type { SendRequest } from './client-port.ts'
import { type ProducerPlace, recordBatch } from './record-batch.ts'

const apiKey = 0
const apiVersion = 7

/** What the broker says of the partition. */
export interface Appended {
  readonly topic: string
  readonly partition: number
  /** 0: appended. */
  readonly errorCode: number
  /** Of the first record. */
  readonly offset: number
}

/** What kafkajs puts into a request: it looks at `buf`, and copies `buffer`. */
interface Encoded {
  readonly buf: Buffer
  readonly buffer: Buffer
}

interface Answer {
  readonly appended: readonly Appended[]
  /** Read by kafkajs, ms. */
  readonly clientSideThrottleTime: number
}

export interface ProduceRequest {
  readonly request: {
    readonly apiKey: number
    readonly apiVersion: number
    readonly apiName: string
    expectResponse(): boolean
    encode(): Promise<Encoded>
  }
  readonly response: {
    decode(bytes: Buffer): Promise<Answer>
    parse(answer: Answer): Promise<readonly Appended[]>
  }
}

/** `timeoutMs`: how long a leader may wait for its followers. Encoded once, also where it is sent again. */
export function produceRequest(send: SendRequest, place: ProducerPlace, timeoutMs: number, nowMs: number): ProduceRequest {
  const { topic, partition, acks, records } = send
  const batch = recordBatch(records, place, nowMs)
  const topicBytes = Buffer.byteLength(topic)
  const bytes = Buffer.allocUnsafe(2 + 2 + 4 + 4 + 2 + topicBytes + 4 + 4 + 4 + batch.bytes)
  let at = bytes.writeInt16BE(-1)
  at = bytes.writeInt16BE(acks === 'all' ? -1 : 1, at)
  at = bytes.writeInt32BE(timeoutMs, at)
  at = bytes.writeInt32BE(1, at)
  at = bytes.writeInt16BE(topicBytes, at)
  at += bytes.write(topic, at)
  at = bytes.writeInt32BE(1, at)
  at = bytes.writeInt32BE(partition, at)
  at = bytes.writeInt32BE(batch.bytes, at)
  batch.writeTo(bytes, at)
  const encoded = { buf: bytes, buffer: bytes }
  return {
    request: { apiKey, apiVersion, apiName: 'Produce', expectResponse: () => true, encode: async () => encoded },
    response: { decode: async (answer) => readAnswer(answer), parse: async ({ appended }) => appended },
  }
}

/** RangeError where it is shorter than it says. */
function readAnswer(bytes: Buffer): Answer {
  const appended: Appended[] = []
  let at = 4
  for (let topics = bytes.readInt32BE(0); topics > 0; topics--) {
    const end = at + 2 + bytes.readInt16BE(at)
    const topic = bytes.toString('utf8', at + 2, end)
    at = end + 4
    for (let partitions = bytes.readInt32BE(end); partitions > 0; partitions--) {
      const [partition, errorCode, offset] = [bytes.readInt32BE(at), bytes.readInt16BE(at + 4), bytes.readBigInt64BE(at + 6)]
      appended.push({ topic, partition, errorCode, offset: Number(offset) })
      // Past the time of the append and the first offset that is kept.
      at += 4 + 2 + 8 + 8 + 8
    }
  }
  return { appended, clientSideThrottleTime: bytes.readInt32BE(at) }
}
