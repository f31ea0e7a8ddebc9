/** TLS handshakes have a deadline of their own: the idle time is long, and every byte begins it anew. */
import type { Socket } from 'node:net'

/** Destroys the TLS socket unless its handshake is done within `maxMs`. */
export function boundHandshake(socket: Socket, maxMs: number): void {
  const timer = setTimeout(() => socket.destroy(), maxMs)
  const clear = (): void => clearTimeout(timer)
  socket.once('secure', clear)
  socket.once('close', clear)
}
