import type { CompiledPolicy } from '@sallyport/policy'
import type { IngressRoom } from '../ingress-room.ts'

/** The newest good revision; undefined before the first is loaded. */
export function currentPolicy(room: Pick<IngressRoom, 'ports'>): CompiledPolicy | undefined {
  try {
    return room.ports.policy.current()
  } catch {
    return undefined
  }
}
