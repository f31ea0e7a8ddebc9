/** One example of every record, from which the golden files are written (`node libs/contracts/src/golden/write.ts`). */
import { eventExamples } from './event-examples.ts'
import type { Example } from './example.ts'
import { gatewayExamples } from './gateway-examples.ts'
import { messageExamples } from './message-examples.ts'

export const examples: readonly Example[] = [...messageExamples, ...eventExamples, ...gatewayExamples]
