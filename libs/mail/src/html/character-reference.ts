/** Character references of HTML (§13.2.5.72): `&amp;`, `&#8364;`, and without their semicolon where browsers take them so. */
import { DecodingMode, EntityDecoder, htmlDecodeTree } from 'entities/decode'

export class CharacterReference {
  /** Of the reference that was read last: its code points, and how many characters it has. */
  readonly codes: number[] = []
  chars = 0
  readonly #decoder = new EntityDecoder(htmlDecodeTree, (code, chars) => {
    this.codes.push(code)
    this.chars = chars
  })

  /** True where a reference begins with the `&` at this offset; within the value of an attribute fewer do. Never throws. */
  read(html: string, at: number, isValue: boolean): boolean {
    this.codes.length = 0
    this.#decoder.startEntity(isValue ? DecodingMode.Attribute : DecodingMode.Legacy)
    if (this.#decoder.write(html, at + 1) < 0) this.#decoder.end()
    return this.codes.length > 0
  }
}
