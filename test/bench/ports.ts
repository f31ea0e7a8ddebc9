/** Waiting for a port of a server that another program opens. */
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export async function waitForPort(port: number, deadlineMs = 20_000): Promise<void> {
  const end = performance.now() + deadlineMs
  while (!(await canConnect(port))) {
    if (performance.now() > end) throw new Error(`port ${port} never opened`)
    await sleep(50)
  }
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
