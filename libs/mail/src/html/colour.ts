/** Colours as CSS and old HTML attributes write them, and whether one can be read on another. */
import { namedColours } from './named-colours.ts'

/** 0xRRGGBB, `transparent`, or `unknown` where it is written in a way that is not read here. */
export type Colour = number | 'transparent' | 'unknown'

/** Channels that differ by less than this cannot be told apart on a screen. */
const seenDifference = 12
const hexDigits = /^#?([0-9a-f]{3,8})$/
const channels = /^rgba?\(\s*([\d.]{1,8})(%?)[\s,]{1,8}([\d.]{1,8})%?[\s,]{1,8}([\d.]{1,8})%?\s*(?:[,/]\s*([\d.]{1,8})(%?)\s*)?\)$/

/** The colour that a lower-case, trimmed value names (CSS Color 4); `ffffff` without its hash as in old attributes. Never throws. */
export function readColour(value: string): Colour {
  if (value.length > 64) return 'unknown'
  const named = namedColours.get(value)
  if (named !== undefined) return named
  if (value === 'transparent') return 'transparent'
  const hex = hexDigits.exec(value)?.[1]
  if (hex !== undefined) return readHex(hex)
  return readChannels(value)
}

function readHex(hex: string): Colour {
  if (hex.length === 6 || hex.length === 8) {
    return hex.endsWith('00') && hex.length === 8 ? 'transparent' : Number.parseInt(hex.slice(0, 6), 16)
  }
  if (hex.length !== 3 && hex.length !== 4) return 'unknown'
  if (hex.length === 4 && hex.endsWith('0')) return 'transparent'
  const [r = '0', g = '0', b = '0'] = hex
  return Number.parseInt(r + r + g + g + b + b, 16)
}

function readChannels(value: string): Colour {
  const found = channels.exec(value)
  if (found === null) return 'unknown'
  const [, r = '', percent = '', g = '', b = '', alpha, alphaPercent] = found
  if (alpha !== undefined && Number.parseFloat(alpha) / (alphaPercent === '%' ? 100 : 1) <= 0.05) return 'transparent'
  const scale = percent === '%' ? 2.55 : 1
  const [red, green, blue] = [r, g, b].map((channel) => Math.min(255, Math.round(Number.parseFloat(channel) * scale) || 0))
  return ((red ?? 0) << 16) | ((green ?? 0) << 8) | (blue ?? 0)
}

/** True where text of that colour cannot be seen on that background. An unknown colour can. */
export function isUnreadable(colour: Colour, background: Colour): boolean {
  if (colour === 'transparent') return true
  if (colour === 'unknown' || background === 'unknown' || background === 'transparent') return false
  return (
    Math.abs((colour >> 16) - (background >> 16)) < seenDifference &&
    Math.abs(((colour >> 8) & 255) - ((background >> 8) & 255)) < seenDifference &&
    Math.abs((colour & 255) - (background & 255)) < seenDifference
  )
}
