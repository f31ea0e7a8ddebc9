/**
 * Bytes for what lives a moment, cut from shared slabs: a buffer of its own for each record costs more than filling it. A
 * slab lives as long as its last piece, so that pieces of like size share one: a small record that is kept for long (an
 * open join has some) would otherwise keep the contents of many messages, which stood beside it, with it.
 */

interface Slab {
  readonly bytes: number
  /** Longer pieces belong to the next class. */
  readonly longest: number
  buffer: Buffer
  used: number
}

const slabOf = (bytes: number, longest: number): Slab => ({ bytes, longest, buffer: Buffer.alloc(0), used: bytes })

/** Annotations, jobs and events are small; messages are not. */
const small = slabOf(16 * 1024, 2 * 1024)
const large = slabOf(512 * 1024, 96 * 1024)

/** Uninitialized bytes, to be filled whole. The memory is freed when the last piece of its slab is. */
export function cut(bytes: number): Buffer {
  // What is longer than either allows has memory of its own: it would waste the ends of slabs.
  const slab = bytes <= small.longest ? small : large
  if (bytes > slab.longest) return Buffer.allocUnsafeSlow(bytes)
  if (slab.used + bytes > slab.bytes) {
    slab.buffer = Buffer.allocUnsafeSlow(slab.bytes)
    slab.used = 0
  }
  const piece = slab.buffer.subarray(slab.used, slab.used + bytes)
  // Aligned, so that readers of numbers stay fast.
  slab.used += (bytes + 7) & ~7
  return piece
}
