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
