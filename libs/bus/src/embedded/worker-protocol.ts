/** What a worker thread and the thread that owns the bus say to each other. Each request has an id; its answer carries it. */
import type { Durability, Headers, Lag, Position, TopicPartition } from '../port.ts'

export interface WireRecord extends Position {
  readonly topic: string
  readonly key: string
  readonly headers: Headers
  readonly value: Uint8Array | null
  readonly publishedAt: number
}

/** From the worker. */
export type Request =
  | {
      readonly do: 'publish'
      readonly topic: string
      readonly key: string
      readonly partition?: number
      readonly headers?: Headers
      readonly value: Uint8Array | null
      readonly durable: Durability
    }
  | {
      readonly do: 'consume'
      readonly consumer: number
      readonly group: string
      readonly topics: readonly string[]
      readonly settle?: 'auto' | 'manual'
      readonly concurrency?: number
      readonly maxUnsettled?: number
      readonly drainMs?: number
    }
  | { readonly do: 'pause' | 'resume'; readonly consumer: number; readonly partitions?: readonly TopicPartition[] }
  | { readonly do: 'stop-consumer'; readonly consumer: number }
  | { readonly do: 'table'; readonly table: number; readonly topic: string }
  | { readonly do: 'stop-table'; readonly table: number }
  | { readonly do: 'lag'; readonly group: string; readonly topics: readonly string[] }

/** From the worker, without an answer. */
export type Notice =
  | { readonly say: 'settle'; readonly delivery: number }
  | { readonly say: 'handled'; readonly delivery: number; readonly failure?: Failure }
  | { readonly say: 'rebalanced'; readonly rebalance: number; readonly failure?: Failure }

/** From the owner. */
export type Push =
  | { readonly push: 'record'; readonly consumer: number; readonly delivery: number; readonly record: WireRecord }
  | {
      readonly push: 'assigned' | 'revoked'
      readonly consumer: number
      readonly rebalance: number
      readonly partitions: readonly TopicPartition[]
    }
  | {
      readonly push: 'row'
      readonly table: number
      readonly key: string
      readonly value: Uint8Array | null
      readonly position: Position
    }
  | { readonly push: 'loaded'; readonly table: number; readonly failure?: Failure }

/** An error as it crosses threads. */
export interface Failure {
  readonly code: string | undefined
  readonly message: string
}

export interface Hello {
  /** Partitions by topic. */
  readonly partitions: Readonly<Record<string, number>>
}

export type FromWorker = ({ readonly id: number } & Request) | Notice
export type FromOwner =
  | { readonly answer: number; readonly result?: Position | readonly Lag[] | null; readonly failure?: Failure }
  | Push
  | { readonly hello: Hello }
