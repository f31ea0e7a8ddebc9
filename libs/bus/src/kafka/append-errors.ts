/** What a broker answers where it did not append (https://kafka.apache.org/protocol#protocol_error_codes). */

interface Known {
  readonly type: string
  /** Somebody else leads by now, or will soon be able to: the same request may succeed. */
  readonly isRetriable: boolean
}

const retriable = (type: string): Known => ({ type, isRetriable: true })
const final = (type: string): Known => ({ type, isRetriable: false })

const known: Readonly<Record<number, Known>> = {
  2: retriable('CORRUPT_MESSAGE'),
  3: retriable('UNKNOWN_TOPIC_OR_PARTITION'),
  5: retriable('LEADER_NOT_AVAILABLE'),
  6: retriable('NOT_LEADER_FOR_PARTITION'),
  7: retriable('REQUEST_TIMED_OUT'),
  9: retriable('REPLICA_NOT_AVAILABLE'),
  10: final('MESSAGE_TOO_LARGE'),
  13: retriable('NETWORK_EXCEPTION'),
  19: retriable('NOT_ENOUGH_REPLICAS'),
  20: retriable('NOT_ENOUGH_REPLICAS_AFTER_APPEND'),
  29: final('TOPIC_AUTHORIZATION_FAILED'),
  31: final('CLUSTER_AUTHORIZATION_FAILED'),
  45: final('OUT_OF_ORDER_SEQUENCE_NUMBER'),
  46: final('DUPLICATE_SEQUENCE_NUMBER'),
  47: final('INVALID_PRODUCER_EPOCH'),
  56: retriable('KAFKA_STORAGE_ERROR'),
  59: final('UNKNOWN_PRODUCER_ID'),
  74: retriable('FENCED_LEADER_EPOCH'),
  75: retriable('UNKNOWN_LEADER_EPOCH'),
  89: retriable('THROTTLING_QUOTA_EXCEEDED'),
}

export class AppendError extends Error {
  /** As kafkajs calls it. */
  readonly type: string
  readonly isRetriable: boolean

  constructor(code: number, topic: string, partition: number) {
    const { type, isRetriable } = known[code] ?? final(`error ${code}`)
    super(`partition ${partition} of ${topic} did not take the records: ${type}`)
    this.type = type
    this.isRetriable = isRetriable
  }
}
