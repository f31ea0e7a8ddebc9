/** Bytes for what lives a moment: cut from shared slabs, since a buffer of its own for each record costs more than filling it. */

const slabBytes = 512 * 1024
/** Longer ones get memory of their own: they would waste the ends of slabs. */
const longestCut = 96 * 1024

let slab = Buffer.allocUnsafeSlow(slabBytes)
let used = 0

/** Uninitialized bytes, to be filled whole. The memory is freed when the last piece of its slab is. */
export function cut(bytes: number): Buffer {
  if (bytes > longestCut) return Buffer.allocUnsafeSlow(bytes)
  if (used + bytes > slabBytes) {
    slab = Buffer.allocUnsafeSlow(slabBytes)
    used = 0
  }
  const piece = slab.subarray(used, used + bytes)
  // Aligned, so that readers of numbers stay fast.
  used += (bytes + 7) & ~7
  return piece
}
