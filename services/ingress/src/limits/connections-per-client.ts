/** How many connections each client has, over all listeners. */
import { RenewedMap } from '@sallyport/contracts'
import { clientHost } from './client-host.ts'

export class ConnectionsPerClient {
  readonly #counts = new RenewedMap<string, number>()

  of(address: string): number {
    return this.#counts.get(clientHost(address)) ?? 0
  }

  enter(address: string): void {
    this.#counts.set(clientHost(address), this.of(address) + 1)
  }

  leave(address: string): void {
    const left = this.of(address) - 1
    if (left > 0) this.#counts.set(clientHost(address), left)
    else this.#counts.delete(clientHost(address))
  }
}
