/** Domains that look like others (UTS #39): labels of mixed scripts, and names that read like an authorized one. */
import { displayDomain } from '@sallyport/mail'

const scripts = {
  Latin: /\p{Script=Latin}/u,
  Cyrillic: /\p{Script=Cyrillic}/u,
  Greek: /\p{Script=Greek}/u,
  Armenian: /\p{Script=Armenian}/u,
  Hebrew: /\p{Script=Hebrew}/u,
  Arabic: /\p{Script=Arabic}/u,
  Devanagari: /\p{Script=Devanagari}/u,
  Thai: /\p{Script=Thai}/u,
  Georgian: /\p{Script=Georgian}/u,
  Cherokee: /\p{Script=Cherokee}/u,
  Han: /\p{Script=Han}/u,
  Hiragana: /\p{Script=Hiragana}/u,
  Katakana: /\p{Script=Katakana}/u,
  Hangul: /\p{Script=Hangul}/u,
  Bopomofo: /\p{Script=Bopomofo}/u,
} as const
type Script = keyof typeof scripts

/** Scripts that are written together (UTS #39 §5.2, highly restrictive). */
const together: readonly ReadonlySet<Script>[] = [
  new Set(['Latin', 'Han', 'Hiragana', 'Katakana']),
  new Set(['Latin', 'Han', 'Bopomofo']),
  new Set(['Latin', 'Han', 'Hangul']),
]

/** True where one label of the domain (in U-labels) has letters of scripts that nobody writes in one word. */
export const isMixedScript = (domain: string): boolean => domain.split('.').some(isMixedLabel)

function isMixedLabel(label: string): boolean {
  const found = Object.entries(scripts).flatMap(([name, pattern]) => (pattern.test(label) ? [name] : []))
  return found.length > 1 && !together.some((allowed) => found.every((name) => allowed.has(name as Script)))
}

/** Letters that are drawn like these of Latin; from the confusables of UTS #39, those that a domain may have. */
const drawnLike: Readonly<Record<string, string>> = {
  а: 'a',
  в: 'b',
  с: 'c',
  ԁ: 'd',
  е: 'e',
  һ: 'h',
  і: 'i',
  ј: 'j',
  к: 'k',
  ӏ: 'l',
  м: 'm',
  п: 'n',
  о: 'o',
  р: 'p',
  ԛ: 'q',
  г: 'r',
  ѕ: 's',
  т: 't',
  ц: 'u',
  ѵ: 'v',
  ԝ: 'w',
  х: 'x',
  у: 'y',
  з: '3',
  α: 'a',
  β: 'b',
  ε: 'e',
  ι: 'i',
  κ: 'k',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  τ: 't',
  υ: 'u',
  χ: 'x',
  γ: 'y',
  ω: 'w',
  ı: 'i',
  ɡ: 'g',
  ɩ: 'i',
  ℓ: 'l',
  ո: 'n',
  օ: 'o',
  ս: 'u',
  հ: 'h',
  0: 'o',
  1: 'l',
  i: 'l',
}

/** What a domain looks like at a glance: equal for two that can be taken for each other. */
export function skeleton(domain: string): string {
  let drawn = ''
  // Twice through the table, since what is drawn like an i is drawn like an l.
  for (const character of domain.normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '')) {
    const once = drawnLike[character] ?? character
    drawn += drawnLike[once] ?? once
  }
  return drawn.replaceAll('rn', 'm').replaceAll('vv', 'w').replaceAll('cl', 'd')
}

/** The first of these patterns that the domain (or a domain above it) looks like without being it; the domain in U-labels. */
export function lookAlike(domain: string, patterns: readonly string[]): string | undefined {
  const above = suffixes(domain)
  const drawn = new Set(above.map(skeleton))
  return patterns.find((pattern) => {
    const name = displayDomain(pattern.replace(/^\*\./, '').toLowerCase())
    return drawn.has(skeleton(name)) && !above.includes(name)
  })
}

/** The domain, the one above it, and so on; without its top level alone. */
function suffixes(domain: string): string[] {
  const labels = domain.split('.')
  return labels.slice(0, Math.max(1, labels.length - 1)).map((_, index) => labels.slice(index).join('.'))
}
