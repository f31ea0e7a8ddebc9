/**
 * Synthetic mail as application servers send it today, all of it ham: receipts, invoices, parcels, passwords, codes, alerts,
 * invitations, newsletters, statements, builds, in five languages. No public corpus has it, so what is measured on it is a
 * rate of false positives and nothing else. The templates, layouts and wording of `training` and `measuring` are disjoint.
 */
import { createHash } from 'node:crypto'
import type { Example } from './corpus.ts'
import { german as germanMeasuring } from './transactional/measuring/de.ts'
import { english as englishMeasuring } from './transactional/measuring/en.ts'
import { spanish as spanishMeasuring } from './transactional/measuring/es.ts'
import { french as frenchMeasuring } from './transactional/measuring/fr.ts'
import { japanese as japaneseMeasuring } from './transactional/measuring/ja.ts'
import { inventMessage } from './transactional/message.ts'
import { seededRandom } from './transactional/random.ts'
import { type Kind, kinds, type Template } from './transactional/template.ts'
import { german } from './transactional/training/de.ts'
import { english } from './transactional/training/en.ts'
import { spanish } from './transactional/training/es.ts'
import { french } from './transactional/training/fr.ts'
import { japanese } from './transactional/training/ja.ts'
import { type Language, languages } from './transactional/vocabulary.ts'

export type TemplateSet = 'training' | 'measuring'

export const templates: Readonly<Record<TemplateSet, Readonly<Record<Language, readonly Template[]>>>> = {
  training: { en: english, de: german, fr: french, es: spanish, ja: japanese },
  measuring: { en: englishMeasuring, de: germanMeasuring, fr: frenchMeasuring, es: spanishMeasuring, ja: japaneseMeasuring },
}

export interface TransactionalExample extends Example {
  readonly source: 'synthetic'
  readonly label: 'ham'
  /** The language. */
  readonly group: Language
  readonly kind: Kind
}

/**
 * `count` messages, the languages and kinds in turn, every one different. The same set, seed and number gives the same
 * bytes everywhere, and a longer run begins with the shorter one. `bytes` are as sent, with all fields (not stripped).
 */
export function* transactional(set: TemplateSet, count: number, seed = 1): Generator<TransactionalExample> {
  for (let index = 0; index < count; index++) {
    const group = languages[index % languages.length] ?? 'en'
    const kind = kinds[Math.floor(index / languages.length) % kinds.length] ?? 'receipt'
    const random = seededRandom(seed * 1_000_003 + index * 7919 + (set === 'training' ? 0 : 500_000_000))
    const template = random.pick(templates[set][group].filter((one) => one.kind === kind))
    const bytes = inventMessage(random, set, group, template)
    yield { source: 'synthetic', label: 'ham', group, kind, id: createHash('sha256').update(bytes).digest('hex'), bytes }
  }
}
