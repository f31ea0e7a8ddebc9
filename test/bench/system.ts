import type { ChildProcess } from 'node:child_process'

/** A system under test: something that takes mail on a port, checks the sender and relays to the sink. */
export interface System {
  readonly name: string
  readonly port: number
  /** The processes whose trees are the system. */
  readonly pids: readonly number[]
  stop(): Promise<void>
}

export interface SystemOptions {
  readonly port: number
  readonly sinkPort: number
  /** A folder of its own, on the disk that is measured. */
  readonly folder: string
}

/** One that is a process of ours with a port that is open. */
export const systemOf = (name: string, port: number, child: ChildProcess): System => ({
  name,
  port,
  pids: [child.pid ?? 0],
  stop: () =>
    new Promise((resolve) => {
      child.once('exit', () => resolve())
      child.kill('SIGTERM')
    }),
})
