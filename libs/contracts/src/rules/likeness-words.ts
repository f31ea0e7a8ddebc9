/** How the reasons of the spam model begin, by what they are about: what was seen in the message follows. The rule is `spam.` and the topic. */

/** What the reasons of a model are grouped by. */
export type LikenessTopic = 'words' | 'subject' | 'links' | 'layout' | 'header' | 'style' | 'structure'

interface LikenessWords {
  readonly beginning: string
  /** The sentence where nothing of it can be named. Default the beginning. */
  readonly unnamed?: string
  readonly fix: string
}

export const likenessWords: Readonly<Record<LikenessTopic, LikenessWords>> = {
  words: {
    beginning: 'These words are much more frequent in spam than in other mail',
    unnamed: 'Numbers, codes, addresses or links in the text are more frequent in spam than in other mail',
    fix: 'Say it in other words, plainly and without urging; leave out what advertises.',
  },
  subject: {
    beginning: 'The subject is like those of spam',
    fix: 'Write a short subject that says what the message is about, without capitals, marks and prices.',
  },
  links: {
    beginning: 'The links are like those in spam',
    fix: 'Link to few places, all of your own domain, with texts that say where they lead.',
  },
  layout: {
    beginning: 'The HTML is built as in spam',
    fix: 'Use simple HTML: more text than images, nothing hidden, no scripts, forms or frames.',
  },
  header: {
    beginning: 'The header is like those of spam',
    fix: 'Send from a plain address with a plain name, and take replies at the same domain.',
  },
  style: { beginning: 'The text is written as in spam', fix: 'Use capitals, exclamation marks and prices sparingly.' },
  structure: {
    beginning: 'The message is built as in spam',
    fix: 'Send plain text and HTML saying the same, and link to files rather than attach them.',
  },
}
