/** Who sends and to whom: an invented company with an invented domain, and its customer. */
import type { Random } from './random.ts'
import type { Language, Vocabulary } from './vocabulary.ts'
import { vocabularies } from './vocabulary.ts'

export interface Sender {
  readonly company: string
  readonly domain: string
  /** The host that the application runs on. */
  readonly host: string
  readonly customer: string
  readonly customerFirst: string
  readonly customerAddress: string
}

const onsets = ['b', 'br', 'c', 'd', 'f', 'g', 'h', 'k', 'l', 'm', 'n', 'p', 'qu', 'r', 's', 'st', 't', 'tr', 'v', 'w', 'z']
const vowels = ['a', 'e', 'i', 'o', 'u', 'ia', 'eo', 'ai']
const codas = ['', '', 'n', 'r', 'l', 's', 'x', 'nd', 'm']
const katakana = 'アイウエオカキクケコサシスセソタチツテトナニノハヒフヘホマミムメモヤユヨラリルレロ'

/** Domains are of syllables and nearly never the same twice, so that no model learns one. */
export function inventSender(random: Random, language: Language): Sender {
  const vocabulary = vocabularies[language]
  const word = Array.from(
    { length: random.between(2, 3) },
    () => random.pick(onsets) + random.pick(vowels) + random.pick(codas),
  ).join('')
  const written = language === 'ja' && random.chance(0.7) ? random.letters(random.between(3, 5), katakana) : capital(word)
  const domain = `${word}${random.chance(0.3) ? random.pick(['-mail', 'shop', 'app', '-online', 'group']) : ''}.${random.pick(vocabulary.topLevelDomains)}`
  const { full, first, local } = person(random, vocabulary)
  return {
    company: `${written}${language === 'ja' ? '' : ' '}${random.pick(vocabulary.companyEndings)}`.trim(),
    domain,
    host: `${random.pick(['app', 'web', 'srv', 'node', 'batch', 'mail'])}${random.between(1, 24)}.${random.chance(0.5) ? 'prod.' : ''}${domain}`,
    customer: full,
    customerFirst: first,
    customerAddress: `${local}@${random.pick(['recipient.example', 'customer.example', 'mailbox.example', 'inbox.example'])}`,
  }
}

export function person(
  random: Random,
  vocabulary: Vocabulary,
): { readonly full: string; readonly first: string; readonly local: string } {
  const first = random.pick(vocabulary.firstNames)
  const last = random.pick(vocabulary.lastNames)
  const ascii = (name: string) =>
    name
      .normalize('NFD')
      .replace(/[^a-z]/gi, '')
      .toLowerCase()
  const local = `${ascii(first) || random.letters(6, 'aeiokmnrsty')}.${ascii(last) || random.letters(5, 'aeiokmnrsty')}${random.between(1, 99)}`
  return vocabulary.isFamilyNameFirst
    ? { full: `${last} ${first}`, first: last, local }
    : { full: `${first} ${last}`, first, local }
}

export function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1)
}
