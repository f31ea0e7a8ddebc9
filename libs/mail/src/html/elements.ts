/** What the names of elements mean for the reading: which end others, which begin a line, which hold no content. */

/** They have no content and no end tag. */
export const voidElements: ReadonlySet<string> = new Set(
  'area base basefont bgsound br col command embed frame hr img input keygen link meta param source track wbr'.split(' '),
)

/** Their beginning and end separate lines. */
export const blockElements: ReadonlySet<string> = new Set(
  (
    'address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 ' +
    'head header hr html legend li main menu nav ol option p pre section summary table tbody tfoot thead title tr ul'
  ).split(' '),
)

/** Cells and the like: their beginning and end separate words. */
export const wordElements: ReadonlySet<string> = new Set('td th button select textarea input img iframe object marquee'.split(' '))

/** Elements whose content is no part of the page. */
export const unseenElements: ReadonlySet<string> = new Set(
  'title script style template noembed noframes iframe datalist'.split(' '),
)

/** An end tag does not reach out of these, except that of a table's own parts (HTML §13.2.4.2, "in scope"). */
export const scopeElements: ReadonlySet<string> = new Set('td th caption'.split(' '))
export const tableElements: ReadonlySet<string> = new Set('table thead tbody tfoot tr td th caption html body'.split(' '))

const p = new Set(['p'])
const cells = new Set(['td', 'th', 'p'])
const rows = new Set(['tr', 'td', 'th', 'p'])
const sections = new Set(['thead', 'tbody', 'tfoot', 'tr', 'td', 'th', 'p'])
const items = new Set(['li', 'p'])
const terms = new Set(['dd', 'dt', 'p'])
const options = new Set(['option'])

/** Opening one of these ends the elements of the set that stand innermost (HTML §13.1.2.4, optional tags). */
export const impliedEnds: ReadonlyMap<string, ReadonlySet<string>> = new Map([
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
