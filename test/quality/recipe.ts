/** How a message of the corpus is learned from: what counts for how much, and what was sent together. */
import { learn } from '../../services/spam-scoring/src/train/learn.ts'
import type { TrainingExample } from '../../services/spam-scoring/src/train/training-example.ts'
import type { Example } from './corpus.ts'

/** Newsletters and receipts that people wanted: there are few, and they are what an application server sends. */
const hardHamWeight = 3
/** One kind of fraud only, by few hands. */
const scamWeight = 0.3

/** What is synthetic is grouped by template, everything else by sender domain. */
export function learnable({ bytes, label, source, group, ...more }: Example & { readonly kind?: string }): TrainingExample {
  const weight = group.startsWith('hard-ham') ? hardHamWeight : source === 'glitchyzorua' ? scamWeight : 1
  const about = { isSpam: label === 'spam', source, weight }
  return learn(bytes, source === 'synthetic' ? { ...about, group: `synthetic ${group} ${more.kind ?? ''}` } : about)
}
