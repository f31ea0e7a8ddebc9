/** Drains: nobody new, idle connections are told to go, transactions in flight finish as long as they may. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { IngressRoom } from './ingress-room.ts'
import type { WaitingVerdicts } from './settle/waiting-verdicts.ts'
import type { IngressServer } from './smtp/ingress-server.ts'

/** A message whose durable publish has begun when the drain is over still gets its reply, unless that takes longer. */
const settleMs = 2_000
/** Who was told to go has a moment to read it. */
const lingerMs = 500

/**
 * While it drains, new connections are answered 421 rather than refused, so that clients know to come back. Whatever is not done
 * by then gets 421 4.3.2, also a message that waits for its verdict. Resolves when every connection is gone.
 */
export async function stopIngress(room: IngressRoom, servers: readonly IngressServer[], waiting: WaitingVerdicts): Promise<void> {
  room.isDraining = true
  room.slots.drain()
  room.delays.drain()
  for (const connection of room.connections) connection.drain()
  await whilst(room, 10, room.settings.drainMs, () => {
    for (const connection of room.connections) connection.drain()
    return isInFlight(room)
  })
  waiting.stop()
  await whilst(room, 5, settleMs, () => finish(room))
  const closed = servers.map((server) => new Promise<void>((resolve) => server.server.close(() => resolve())))
  for (const server of servers) for (const [, socket] of server._pendingSockets) socket.destroy()
  await whilst(room, 5, Math.min(room.settings.drainMs, lingerMs), () => room.connections.size > 0)
  for (const connection of room.connections) connection._socket.destroy()
  await Promise.all(closed)
}

/** Looks every `pauseMs`, for `maxMs` at most. */
async function whilst({ ports: { clock } }: IngressRoom, pauseMs: number, maxMs: number, holds: () => boolean): Promise<void> {
  const until = clock.elapsed() + maxMs
  while (holds() && clock.elapsed() < until) await sleep(pauseMs)
}

function finish(room: IngressRoom): boolean {
  let isSettling = false
  for (const connection of room.connections) isSettling = connection.finish() || isSettling
  return isSettling
}

const isInFlight = (room: IngressRoom): boolean => {
  for (const connection of room.connections) if (!connection.isIdle) return true
  return false
}
