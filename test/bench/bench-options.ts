/** The command line of the bench of the whole road. */
import { parseArgs } from 'node:util'

export const sizes = ['1k', '10k', '100k', 'real'] as const
export type Size = (typeof sizes)[number]

export interface BenchOptions {
  readonly rounds: number
  readonly seconds: number
  readonly systems: readonly string[]
  readonly sizes: readonly Size[]
  readonly connections: readonly number[]
  readonly modes: readonly string[]
  /** Seconds of load before the first that is measured. */
  readonly warmup: number
  readonly fourChecks: boolean
  readonly profile: string | undefined
  /** The system on one core of its own, source and sink on another. */
  readonly apart: boolean
  readonly out: string
}

export function benchOptions(): BenchOptions {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '3' },
      systems: { type: 'string', default: 'postfix,sallyport' },
      sizes: { type: 'string', default: '1k,10k,100k' },
      connections: { type: 'string', default: '1,20,100' },
      modes: { type: 'string', default: 'new,kept' },
      warmup: { type: 'string', default: '10' },
      checks: { type: 'string', default: '2' },
      profile: { type: 'string' },
      apart: { type: 'boolean', default: false },
      out: { type: 'string', default: 'road' },
    },
  })
  const wanted = values.sizes.split(',')
  return {
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    systems: values.systems.split(','),
    sizes: sizes.filter((size) => wanted.includes(size)).toSorted((a, b) => wanted.indexOf(a) - wanted.indexOf(b)),
    connections: values.connections.split(',').map(Number),
    modes: values.modes.split(','),
    warmup: Number(values.warmup),
    fourChecks: values.checks === '4',
    profile: values.profile,
    apart: values.apart,
    out: values.out,
  }
}
