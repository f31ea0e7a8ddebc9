/** A list of networks that an address is in, or not. */
import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { SallyportError } from '@sallyport/contracts'

export interface Networks {
  /** An IPv4-mapped address counts as IPv4. */
  includes(address: string): boolean
}

/** From CIDR networks and single addresses. Fails with CONFIG_INVALID, naming `setting` and each that is none. */
export function networks(list: readonly string[], setting: string): Networks {
  const blocks = new BlockList()
  const wrong = list.filter((text) => !add(blocks, text))
  if (wrong.length > 0) {
    throw new SallyportError('CONFIG_INVALID', `${setting}: ${wrong.join(', ')}: write networks as 10.0.0.0/8 or 2001:db8::/32`)
  }
  return {
    includes(address) {
      const plain = plainAddress(address)
      return isIPv4(plain) ? blocks.check(plain, 'ipv4') : isIPv6(plain) && blocks.check(plain, 'ipv6')
    },
  }
}

/** The address without the prefix that a dual-stack listener gives to IPv4, in lower case, without a zone. */
export const plainAddress = (address: string): string =>
  address
    .toLowerCase()
    .replace(/^::ffff:(?=[0-9.]+$)/, '')
    .replace(/%.*$/, '')

function add(blocks: BlockList, text: string): boolean {
  const [, address = '', prefix] = /^([0-9a-f:.]+)(?:\/([0-9]{1,3}))?$/i.exec(text) ?? []
  const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined
  if (family === undefined) return false
  const widthBits = family === 'ipv4' ? 32 : 128
  const prefixBits = prefix === undefined ? widthBits : Number(prefix)
  if (prefixBits > widthBits) return false
  blocks.addSubnet(address, prefixBits, family)
  return true
}
