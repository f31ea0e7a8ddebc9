/** The bus on Apache Kafka. */
import { SallyportError } from '@sallyport/contracts'
import type { Bus } from '../port.ts'
import type { KafkaBusOptions } from './kafka-bus-options.ts'

/** Rejects with BUS_UNAVAILABLE where no broker answers, and with CONFIG_INVALID where the cluster is not as it must be. */
export async function openKafkaBus(options: KafkaBusOptions): Promise<Bus> {
  throw new SallyportError('BUS_UNAVAILABLE', `Kafka at ${options.kafka.brokers.join(', ')} cannot be used yet`)
}
