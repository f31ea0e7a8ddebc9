/** What the names in templates stand for: amounts, dates, numbers, hosts and people, as the language writes them. */
import type { Random } from './random.ts'
import { person, type Sender } from './sender.ts'
import type { Values } from './template.ts'
import { type Language, vocabularies } from './vocabulary.ts'

const firstDay = Date.UTC(2024, 0, 8)
const dayMs = 86_400_000

/** When the message was made: a time in two years that ended before this was written. */
export function inventTime(random: Random): Date {
  return new Date(firstDay + random.between(0, 700) * dayMs + random.between(0, dayMs - 1))
}

export function inventValues(random: Random, language: Language, sender: Sender, sent: Date): Values {
  const vocabulary = vocabularies[language]
  const money = new Intl.NumberFormat(vocabulary.locale, { style: 'currency', currency: vocabulary.currency })
  const amount = (most: number) => money.format(Math.round(random.between(290, most * 100) * vocabulary.amountFactor) / 100)
  const day = (offset: number, style: 'long' | 'medium' | 'short' = 'long') =>
    new Intl.DateTimeFormat(vocabulary.locale, { dateStyle: style, timeZone: 'UTC' }).format(
      new Date(sent.getTime() + offset * dayMs),
    )
  const digits = (count: number) => random.letters(count, '0123456789')
  const upper = (count: number) => random.letters(count, 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789')
  const makers: Readonly<Record<string, () => string>> = {
    company: () => sender.company,
    domain: () => sender.domain,
    name: () => sender.customer,
    first: () => sender.customerFirst,
    email: () => sender.customerAddress,
    person: () => person(random, vocabulary).full,
    product: () => random.pick(vocabulary.products),
    carrier: () => random.pick(vocabulary.carriers),
    city: () => random.pick(vocabulary.cities),
    street: () =>
      language === 'ja' ? random.pick(vocabulary.streets) : `${random.pick(vocabulary.streets)} ${random.between(1, 180)}`,
    amount: () => amount(420),
    large: () => amount(9_000),
    date: () => day(0, random.pick(['long', 'medium', 'short'])),
    soon: () => day(random.between(1, 12)),
    later: () => day(random.between(14, 60)),
    past: () => day(-random.between(3, 40)),
    month: () => new Intl.DateTimeFormat(vocabulary.locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(sent),
    time: () => `${random.between(7, 19)}:${digits(1).replace(/[6-9]/, '3')}${random.pick(['0', '5'])}`,
    instant: () => sent.toISOString().slice(0, 19).replace('T', ' '),
    year: () => `${sent.getUTCFullYear()}`,
    order: () => random.pick([() => digits(8), () => `${upper(3)}-${digits(6)}`, () => `${sent.getUTCFullYear()}-${digits(5)}`])(),
    code: () => random.pick([() => digits(6), () => digits(6), () => `${digits(3)} ${digits(3)}`, () => upper(8)])(),
    tracking: () => random.pick([() => digits(14), () => `${upper(2)}${digits(9)}${upper(2)}`])(),
    card: () => digits(4),
    n: () => `${random.between(2, 40)}`,
    percent: () => `${random.between(3, 99)}.${digits(1)} %`,
    host: () => `${random.pick(['db', 'web', 'cache', 'queue', 'api', 'edge'])}-${digits(2)}.${sender.domain}`,
    service: () =>
      random.pick([
        'checkout',
        'billing-api',
        'search-index',
        'image-resizer',
        'ldap-sync',
        'backup-nightly',
        'payments',
        'mail-relay',
      ]),
    repository: () => random.pick(['storefront', 'ledger-core', 'infra-live', 'mobile-app', 'docs-site', 'data-pipeline']),
    branch: () => random.pick(['main', 'develop', `feature/${random.letters(4)}-${digits(3)}`, `fix/${digits(4)}`, 'release/2.4']),
    commit: () => random.letters(8, '0123456789abcdef'),
    ip: () => `${random.pick([10, 172, 192])}.${random.between(16, 250)}.${random.between(0, 250)}.${random.between(1, 250)}`,
    browser: () =>
      random.pick([
        'Firefox 128 (Linux)',
        'Safari 17 (iPhone)',
        'Chrome 126 (Windows)',
        'Edge 125 (Windows)',
        'Chrome 127 (Android)',
      ]),
    link: () =>
      `https://${random.pick(['www', 'app', 'my', 'account'])}.${sender.domain}/${random.pick(['a', 'o', 'r', 'v'])}/${random.letters(random.between(8, 28))}`,
  }
  const items = () => {
    return Array.from({ length: random.between(1, 5) }, () => [
      random.pick(vocabulary.products),
      `${random.between(1, 4)} ×`,
      amount(180),
    ])
  }
  const known = new Map<string, string>()
  const value = (name: string) => {
    const maker = makers[name]
    if (!maker) throw new Error(`no value is called {${name}}`)
    // the same order number, amount or code everywhere in one message
    const made = known.get(name) ?? maker()
    known.set(name, made)
    return made
  }
  return { value, items }
}
