/** Everything a role is given, in memory. */
import { SallyportError } from '@sallyport/contracts'
import type { CompiledPolicy } from '@sallyport/policy'
import { hmacSigner, type RolePorts } from '@sallyport/runtime'
import { Registry } from 'prom-client'
import { type FakeClock, fakeClock } from './fake-clock.ts'
import { type FixedPolicyView, fixedPolicyView } from './fixed-policy-view.ts'
import { type MemoryBus, memoryBus } from './memory-bus.ts'
import { type RecordedEvents, recordedEvents } from './recorded-events.ts'
import { silentLogger } from './silent-logger.ts'

export interface TestPorts extends RolePorts {
  readonly bus: MemoryBus
  readonly policy: FixedPolicyView
  readonly events: RecordedEvents
  readonly clock: FakeClock
}

export interface TestPortsOverrides extends Partial<TestPorts> {
  /** The current revision of the policy view. */
  readonly compiled?: CompiledPolicy
  /** What `secrets.read` knows, by name. */
  readonly secretValues?: Readonly<Record<string, string>>
}

/** The clock runs (and can be advanced), events are kept, the log is silent. For a real adapter: `{ ...testPorts(…), bus }`. */
export function testPorts(overrides: TestPortsOverrides = {}): TestPorts {
  const { compiled, secretValues = {}, ...given } = overrides
  return {
    bus: given.bus ?? memoryBus(),
    policy: given.policy ?? fixedPolicyView(compiled),
    signer: given.signer ?? hmacSigner(new Uint8Array(32).fill(7)),
    events: given.events ?? recordedEvents(),
    clock: given.clock ?? fakeClock({ running: true }),
    log: given.log ?? silentLogger(),
    metrics: given.metrics ?? new Registry(),
    instance: given.instance ?? 'test-instance',
    secrets: given.secrets ?? {
      async read(name) {
        const value = secretValues[name]
        if (value === undefined) throw new SallyportError('SECRET_MISSING', `there is no secret ${name}`)
        return value
      },
    },
  }
}
