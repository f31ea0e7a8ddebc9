/** Sends to one partition, and believes only an answer that says where the records are. */
import type { ClientProducer } from './client-port.ts'

/** What is used of a producer. */
export interface RawProducer {
  send(request: {
    topic: string
    acks: number
    timeout: number
    messages: { key: string; value: Buffer | null; headers: Record<string, string>; partition: number }[]
  }): Promise<readonly { readonly partition: number; readonly errorCode: number; readonly baseOffset?: string }[]>
  disconnect(): Promise<void>
}

/** How long a leader may wait for its followers, ms. Below the time of the request, so that the answer says why. */
const acksTimeoutMs = 4_000

export function clientProducer(producer: RawProducer): ClientProducer {
  return {
    async send({ topic, partition, acks, records }) {
      const messages = records.map(({ key, value, headers }) => ({
        key,
        value: bufferOf(value),
        headers: { ...headers },
        partition,
      }))
      const results = await producer.send({ topic, messages, acks: acks === 'all' ? -1 : 1, timeout: acksTimeoutMs })
      const [result] = results
      const first = Number(result?.baseOffset ?? -1)
      // kafkajs resolves, too, where it never sent the records: the answer must name the partition and say where they are.
      if (results.length !== 1 || result?.partition !== partition || result.errorCode !== 0 || !(first >= 0))
        throw new Error(`the answer does not say that partition ${partition} of ${topic} has the records`)
      return first
    },
    close: () => producer.disconnect(),
  }
}

function bufferOf(value: Uint8Array | null): Buffer | null {
  return value && Buffer.from(value.buffer, value.byteOffset, value.byteLength)
}
