/** Longest-prefix match over many networks: a binary trie, one step per bit. */
import type { Network } from './network.ts'

export interface NetworkTrie<T> {
  /** The first value added for a network stays. */
  add(network: Network, value: T): void
  /** The value of the longest network that holds the address (four or sixteen bytes), or undefined. */
  find(address: Uint8Array): T | undefined
}

/** An empty trie; IPv4 and IPv6 never meet. */
export function networkTrie<T>(): NetworkTrie<T> {
  /** Children of node n at 2n and 2n + 1; 0 is none, since the roots (0 of IPv4, 1 of IPv6) are nobody's children. */
  const children: number[] = [0, 0, 0, 0]
  const values: (T | undefined)[] = [undefined, undefined]
  const rootOf = (bytes: Uint8Array): number => (bytes.length === 4 ? 0 : 1)
  const bitAt = (bytes: Uint8Array, bit: number): number => ((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1

  return {
    add({ bytes, prefixBits }, value) {
      let node = rootOf(bytes)
      for (let bit = 0; bit < prefixBits; bit++) {
        const slot = 2 * node + bitAt(bytes, bit)
        let next = children[slot] ?? 0
        if (next === 0) {
          next = values.push(undefined) - 1
          children.push(0, 0)
          children[slot] = next
        }
        node = next
      }
      values[node] ??= value
    },
    find(address) {
      let node = rootOf(address)
      let found = values[node]
      const widthBits = address.length * 8
      for (let bit = 0; bit < widthBits; bit++) {
        node = children[2 * node + bitAt(address, bit)] ?? 0
        if (node === 0) break
        found = values[node] ?? found
      }
      return found
    },
  }
}
