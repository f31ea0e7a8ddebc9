/** Drains: nobody new, idle connections are told to go, transactions in flight finish as long as they may. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { IngressRoom } from './ingress-room.ts'
import type { IngressServer } from './smtp/ingress-server.ts'

/** While it drains, new connections are answered 421 rather than refused, so that clients know to come back. */
export async function stopIngress(room: IngressRoom, servers: readonly IngressServer[]): Promise<void> {
  room.isDraining = true
  room.slots.drain()
  for (const connection of room.connections) connection.drain()
  const { clock } = room.ports
  const until = clock.elapsed() + room.settings.drainMs
  while (isInFlight(room) && clock.elapsed() < until) {
    await sleep(10)
    for (const connection of room.connections) connection.drain()
  }
  const closed = servers.map((server) => new Promise<void>((resolve) => server.server.close(() => resolve())))
  for (const server of servers) for (const [, socket] of server._pendingSockets) socket.destroy()
  // Who was told to go has a moment to read it.
  const lingerUntil = clock.elapsed() + Math.min(room.settings.drainMs, 500)
  while (room.connections.size > 0 && clock.elapsed() < lingerUntil) await sleep(5)
  for (const connection of room.connections) connection._socket.destroy()
  await Promise.all(closed)
}

const isInFlight = (room: IngressRoom): boolean => {
  for (const connection of room.connections) if (!connection.isIdle) return true
  return false
}
