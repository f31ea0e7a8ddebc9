/**
 * The values of a label that have series of their own: those that are seen most, so that a gateway with ten thousand applications
 * has no more series than one with a hundred. The rest share `other`.
 *
 * Beside the ones that have a series, as many others are counted as could take their place (Misra and Gries, "Finding repeated
 * elements", 1982). From time to time who is seen twice as often as one of those takes its place: the series of that one end.
 */
import { oncePerRegistry } from './once-per-registry.ts'

export interface TopLabelsOptions {
  /** How many have series of their own. */
  readonly most: number
  /** Ms, monotonic. */
  readonly elapsed?: () => number
  /** How long is counted until places change. Default 10 minutes. */
  readonly windowMs?: number
}

/** The clock is looked at once in so many. */
const lookEvery = 1_024
/** Whoever is seen more often than once in so many times the places is among them for sure. */
const candidatesPerPlace = 10
/** Who takes a place has to be seen so much more often than who loses it, or places would change for ever. */
const clearlyMore = 2

export class TopLabels {
  readonly #most: number
  readonly #elapsed: () => number
  readonly #windowMs: number
  /** Those with series, and how often they were seen in this window. */
  readonly #placed = new Map<string, { seen: number }>()
  readonly #candidates = new Map<string, number>()
  readonly #listeners: ((value: string) => void)[] = []
  #sinceLook = 0
  #windowEndsMs: number

  constructor({ most, elapsed = () => performance.now(), windowMs = 600_000 }: TopLabelsOptions) {
    this.#most = most
    this.#elapsed = elapsed
    this.#windowMs = windowMs
    this.#windowEndsMs = elapsed() + windowMs
  }

  /** The value as it stands in labels: itself, or `other`. */
  of(value: string): string {
    if (++this.#sinceLook === lookEvery) this.#look()
    const placed = this.#placed.get(value)
    if (placed) {
      placed.seen++
      return value
    }
    if (this.#placed.size < this.#most) {
      this.#placed.set(value, { seen: 1 })
      return value
    }
    this.#countCandidate(value)
    return 'other'
  }

  /** Told of each value that loses its place. */
  onFallen(listener: (value: string) => void): void {
    this.#listeners.push(listener)
  }

  #countCandidate(value: string): void {
    const seen = this.#candidates.get(value)
    if (seen !== undefined || this.#candidates.size < this.#most * candidatesPerPlace) {
      this.#candidates.set(value, (seen ?? 0) + 1)
      return
    }
    for (const [other, count] of this.#candidates) {
      if (count === 1) this.#candidates.delete(other)
      else this.#candidates.set(other, count - 1)
    }
  }

  #look(): void {
    this.#sinceLook = 0
    if (this.#elapsed() < this.#windowEndsMs) return
    this.#windowEndsMs = this.#elapsed() + this.#windowMs
    const rising = [...this.#candidates].sort(([, a], [, b]) => b - a)
    const falling = [...this.#placed].sort(([, a], [, b]) => a.seen - b.seen)
    for (const [index, [value, seen]] of rising.entries()) {
      const [other, { seen: seenOther }] = falling[index] ?? ['', { seen: Number.POSITIVE_INFINITY }]
      if (seen <= seenOther * clearlyMore) break
      this.#placed.delete(other)
      this.#placed.set(value, { seen: 0 })
      for (const listener of this.#listeners) listener(other)
    }
    this.#candidates.clear()
    for (const placed of this.#placed.values()) placed.seen = 0
  }
}

export interface LabelBounds {
  readonly applications: number
  readonly destinations: number
}

interface BoundedLabels {
  readonly application: TopLabels
  readonly destination: TopLabels
}

const defaultBounds: LabelBounds = { applications: 100, destinations: 50 }

/** The labels of a registry, for every role of the process the same. The first call decides the bounds. */
export const boundedLabels = oncePerRegistry(
  (_registry, bounds: LabelBounds = defaultBounds): BoundedLabels => ({
    application: new TopLabels({ most: bounds.applications }),
    destination: new TopLabels({ most: bounds.destinations }),
  }),
)
