/** What the names of elements mean for the reading: which end others, which begin a line, which hold no content. */

export interface HtmlElement {
  /** Lower-case. */
  readonly name: string
  /** Of a document no two have the same. */
  readonly index: number
  /** What its beginning and its end separate. */
  readonly separates: 'lines' | 'words' | undefined
  /** It has no content and no end tag. */
  readonly isVoid: boolean
  /** Its content is no part of the page. */
  readonly isUnseen: boolean
  /** Its content is text up to its end tag; `escapable`: character references are read in it; `endless`: nothing ends it. */
  readonly raw: 'text' | 'escapable' | 'endless' | undefined
  /** End tags do not reach out of it, except those of a table's own parts. */
  readonly isScope: boolean
  readonly isTablePart: boolean
  /** Opening it ends the elements of these names that stand innermost. */
  readonly ended: ReadonlySet<string> | undefined
}

/** They have no content and no end tag. */
const voidElements: ReadonlySet<string> = new Set(
  'area base basefont bgsound br col command embed frame hr img input keygen link meta param source track wbr'.split(' '),
)

/** Their beginning and end separate lines. */
const blockElements: ReadonlySet<string> = new Set(
  (
    'address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 ' +
    'head header hr html legend li main menu nav ol option p pre section summary table tbody tfoot thead title tr ul'
  ).split(' '),
)

/** Cells and the like: their beginning and end separate words. */
const wordElements: ReadonlySet<string> = new Set('td th button select textarea input img iframe object marquee'.split(' '))

/** Elements whose content is no part of the page. */
const unseenElements: ReadonlySet<string> = new Set('title script style template noembed noframes iframe datalist'.split(' '))

/** An end tag does not reach out of these, except that of a table's own parts (HTML §13.2.4.2, "in scope"). */
const scopeElements: ReadonlySet<string> = new Set('td th caption'.split(' '))
const tableElements: ReadonlySet<string> = new Set('table thead tbody tfoot tr td th caption html body'.split(' '))

/** Of longer names only so much is read. */
const maxNameChars = 32

const p = new Set(['p'])
const cells = new Set(['td', 'th', 'p'])
const rows = new Set(['tr', 'td', 'th', 'p'])
const sections = new Set(['thead', 'tbody', 'tfoot', 'tr', 'td', 'th', 'p'])
const items = new Set(['li', 'p'])
const terms = new Set(['dd', 'dt', 'p'])
const options = new Set(['option'])

/** Opening one of these ends the elements of the set that stand innermost (HTML §13.1.2.4, optional tags). */
const impliedEnds: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ...'address article aside blockquote center dl dir div fieldset footer form h1 h2 h3 h4 h5 h6 header hr main menu nav ol p pre section table ul'
    .split(' ')
    .map((name): [string, ReadonlySet<string>] => [name, p]),
  ['li', items],
  ['td', cells],
  ['th', cells],
  ['tr', rows],
  ['tbody', sections],
  ['thead', sections],
  ['tfoot', sections],
  ['dd', terms],
  ['dt', terms],
  ['option', options],
  ['optgroup', options],
])

/** Elements whose content is text up to their end tag (HTML §13.1.2). */
const rawElements: ReadonlyMap<string, HtmlElement['raw']> = new Map([
  ...['iframe', 'noembed', 'noframes', 'script', 'style', 'xmp'].map((name): [string, 'text'] => [name, 'text']),
  ['textarea', 'escapable'],
  ['title', 'escapable'],
  ['plaintext', 'endless'],
])

/** What else is found in mail. */
const others =
  'a abbr applet b big blink bdo code del em font i image ins label map math nobr o:p s small span strike strong sub sup svg tt u'
const known: ReadonlyMap<string, HtmlElement> = new Map(
  [
    ...new Set([
      ...[...voidElements, ...blockElements, ...wordElements, ...unseenElements, ...scopeElements, ...tableElements],
      ...[...impliedEnds.keys(), ...rawElements.keys(), ...others.split(' ')],
    ]),
  ].map((name, index) => [name, elementOf(name, index)]),
)

function elementOf(name: string, index: number): HtmlElement {
  return {
    name,
    index,
    separates: name === 'br' || blockElements.has(name) ? 'lines' : wordElements.has(name) ? 'words' : undefined,
    isVoid: voidElements.has(name),
    isUnseen: unseenElements.has(name),
    raw: rawElements.get(name),
    isScope: scopeElements.has(name),
    isTablePart: tableElements.has(name),
    ended: impliedEnds.get(name),
  }
}

/** The known ones by the hash of their names; the next free slot where one is taken. */
const slots: (HtmlElement | undefined)[] = Array.from({ length: 1024 }, () => undefined)
for (const element of known.values()) {
  let slot = slotOf(element.name, 0, element.name.length)
  while (slots[slot] !== undefined) slot = (slot + 1) & 1023
  slots[slot] = element
}

function slotOf(text: string, start: number, end: number): number {
  let hash = 0
  for (let at = start; at < end; at++) hash = (31 * hash + (text.charCodeAt(at) | 0x20)) & 1023
  return hash
}

/** A name as written, in any case, against one in lower case. */
function isNamed(name: string, text: string, start: number, end: number): boolean {
  if (name.length !== end - start) return false
  for (let at = 0; at < name.length; at++) {
    const wanted = name.charCodeAt(at)
    const code = text.charCodeAt(start + at)
    if (code !== wanted && !(wanted >= 0x61 && wanted <= 0x7a && code === wanted - 0x20)) return false
  }
  return true
}

/** The elements of one document. */
export class Elements {
  readonly #strangers = new Map<string, HtmlElement>()

  /** The element of the name at these offsets, in any case; of most no string is made. */
  named(html: string, start: number, end: number): HtmlElement {
    for (let slot = slotOf(html, start, end); ; slot = (slot + 1) & 1023) {
      const element = slots[slot]
      if (element === undefined) return this.#stranger(html.slice(start, Math.min(end, start + maxNameChars)).toLowerCase())
      if (isNamed(element.name, html, start, end)) return element
    }
  }

  #stranger(name: string): HtmlElement {
    const found = known.get(name) ?? this.#strangers.get(name)
    if (found) return found
    const element = elementOf(name, known.size + this.#strangers.size)
    this.#strangers.set(name, element)
    return element
  }
}
