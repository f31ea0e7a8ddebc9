/** What counts as one client where clients are counted. */
import { isIPv6 } from 'node:net'

/** An IPv4 address, or the /64 of an IPv6 address: a host has a whole one. */
export function clientHost(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('::')
  const words = head === '' ? [] : head.split(':')
  if (tail === undefined) return words.slice(0, 4).join(':')
  const tailWords = tail === '' ? [] : tail.split(':')
  while (words.length + tailWords.length < 8) words.push('0')
  return [...words, ...tailWords].slice(0, 4).join(':')
}
