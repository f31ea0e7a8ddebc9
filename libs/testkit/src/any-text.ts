import fc from 'fast-check'

const surrogates = { first: 0xd800, count: 0x800 }
const last = 0x10ffff - surrogates.count

/**
 * Any code point but a lone surrogate: what `fc.string({ unit: 'binary' })` is made of, without the table of 1.1 million
 * characters, for which that needs a second of processor time and 100 MB in each process.
 */
const character = fc.nat({ max: last }).map(
  (n) => String.fromCodePoint(n < surrogates.first ? n : n + surrogates.count),
  (text) => {
    const point = typeof text === 'string' ? text.codePointAt(0) : undefined
    if (point === undefined || text !== String.fromCodePoint(point)) throw new Error('not one character')
    if (point < surrogates.first) return point
    if (point < surrogates.first + surrogates.count) throw new Error('a lone surrogate')
    return point - surrogates.count
  },
)

/** Text of any characters. @param maxLength in characters */
export function anyText(maxLength?: number): fc.Arbitrary<string> {
  return fc.string(maxLength === undefined ? { unit: character } : { unit: character, maxLength })
}
