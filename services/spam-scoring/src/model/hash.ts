/** Hashes of features: FNV-1a over UTF-16 code units with the finalizer of MurmurHash3, 32 bits. A model stays valid only as long as these do. */

/** FNV-1a offset basis and prime. A rolling hash begins with the basis; one step is `Math.imul(hash ^ unit, fnvPrime)`. */
export const fnvBasis = 0x811c9dc5 | 0
export const fnvPrime = 0x01000193

/** Spreads a rolling hash over all 32 bits (fmix32 of MurmurHash3); unsigned. */
export function finished(hash: number): number {
  hash ^= hash >>> 16
  hash = Math.imul(hash, 0x85ebca6b)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** The finished hash of a string within a namespace (an integer). */
export function hashText(text: string, namespace: number): number {
  let hash = fnvBasis ^ Math.imul(namespace + 1, 0x9e3779b1)
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), fnvPrime)
  return finished(hash)
}

/** The finished hash of an ordered pair of hashes or small integers within a namespace. */
export function hashPair(first: number, second: number, namespace: number): number {
  return finished(Math.imul(first ^ Math.imul(namespace + 1, 0x9e3779b1), 31) + Math.imul(second, 0x27d4eb2f))
}
