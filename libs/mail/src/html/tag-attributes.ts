/** The attributes of the tag being read, as far as somebody asks for them. Reused for every tag. */

/** Values are read up to this length. */
const maxValueChars = 4_000
const wanted = [
  'href',
  'src',
  'action',
  'style',
  'class',
  'id',
  'width',
  'height',
  'alt',
  'bgcolor',
  'background',
  'color',
  'text',
  'hidden',
  'http-equiv',
  'formaction',
  'type',
] as const
type Wanted = (typeof wanted)[number]

/** Those that change what is seen of the element. */
const ofLook: ReadonlySet<Wanted> = new Set(['style', 'class', 'id', 'bgcolor', 'background', 'color', 'text', 'hidden'])
const byName: ReadonlyMap<string, Wanted> = new Map(wanted.map((name) => [name, name]))

/** For each first letter, in either case, the lengths of the names that are asked for, as bits. */
const lengths = new Uint32Array(128)
for (const name of wanted) {
  for (const code of [name.charCodeAt(0), name.charCodeAt(0) - 0x20]) lengths[code] = (lengths[code] ?? 0) | (1 << name.length)
}
// Event handlers are counted, whatever their length.
for (const letter of 'oO') lengths[letter.charCodeAt(0)] = 0xffffffff

/** False for most names that nobody asks for, by their first letter and length. */
export const mayBeWanted = (firstCode: number, nameChars: number): boolean =>
  firstCode < 128 && ((lengths[firstCode] ?? 0) & (1 << Math.min(nameChars, 31))) !== 0

export class TagAttributes {
  private readonly values = new Map<Wanted, string>()
  private current: Wanted | undefined
  private value = ''
  /** Attributes that run scripts (onclick=…), over all tags. */
  handlerCount = 0

  /** Any that changes what is seen of the element. */
  hasLook = false

  get(name: Wanted): string | undefined {
    return this.values.get(name)
  }

  clear(): void {
    if (this.values.size > 0) this.values.clear()
    this.hasLook = false
  }

  begin(name: string): void {
    this.value = ''
    const lower = byName.has(name) ? name : name.toLowerCase()
    const known = byName.get(lower)
    // Of attributes that are there twice the first counts (HTML §13.2.5.33).
    this.current = known === undefined || this.values.has(known) ? undefined : known
    if (known === undefined && lower.length > 4 && /^on[a-z]+$/.test(lower)) this.handlerCount++
  }

  /** Begins an attribute that nobody asks for. */
  skip(): void {
    this.current = undefined
  }

  get isReading(): boolean {
    return this.current !== undefined && this.value.length < maxValueChars
  }

  add(piece: string): void {
    this.value += piece
  }

  end(): void {
    if (this.current === undefined) return
    this.values.set(this.current, this.value.length <= maxValueChars ? this.value : this.value.slice(0, maxValueChars))
    if (ofLook.has(this.current)) this.hasLook = true
    this.current = undefined
  }
}
