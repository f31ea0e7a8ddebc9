import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Tokenizer } from 'htmlparser2'
import { Elements } from './elements.ts'
import { type HtmlTokenSink, HtmlTokens } from './html-tokens.ts'

/** What was read, as lines; pieces of text and of values that follow each other are one. */
class Transcript {
  readonly lines: string[] = []

  add(kind: string, text: string): void {
    const last = this.lines.at(-1)
    if ((kind === 'text' || kind === 'value') && last?.startsWith(`${kind} `)) this.lines[this.lines.length - 1] = last + text
    else this.lines.push(`${kind} ${text}`)
  }
}

function ours(html: string): readonly string[] {
  const told = new Transcript()
  const elements = new Elements()
  const sink: HtmlTokenSink = {
    isForeign: false,
    addText: (start, end) => told.add('text', html.slice(start, end)),
    addTextReference: (code) => told.add('text', String.fromCodePoint(code)),
    openTag(start, end) {
      told.add('open', html.slice(start, end))
      return elements.named(html, start, end)
    },
    openAttribute(start, end) {
      told.add('name', html.slice(start, end))
      return true
    },
    addValue: (start, end) => told.add('value', html.slice(start, end)),
    addValueReference: (code) => told.add('value', String.fromCodePoint(code)),
    endAttribute: () => undefined,
    endOpenTag(isSelfClosing) {
      told.add('opened', String(isSelfClosing))
      return true
    },
    closeTag: (start, end) => told.add('close', html.slice(start, end)),
    addComment: (chars) => told.add('comment', String(chars)),
    addCdata: (start, end) => told.add('cdata', html.slice(start, end)),
  }
  new HtmlTokens(html, sink).read()
  return told.lines
}

function theirs(html: string): readonly string[] {
  const told = new Transcript()
  const tokenizer = new Tokenizer(
    {},
    {
      ontext: (start, end) => told.add('text', html.slice(start, end)),
      ontextentity: (code) => told.add('text', String.fromCodePoint(code)),
      onopentagname: (start, end) => told.add('open', html.slice(start, end)),
      onattribname: (start, end) => told.add('name', html.slice(start, end)),
      onattribdata: (start, end) => told.add('value', html.slice(start, end)),
      onattribentity: (code) => told.add('value', String.fromCodePoint(code)),
      onattribend: () => undefined,
      onopentagend: () => told.add('opened', 'false'),
      onselfclosingtag: () => told.add('opened', 'true'),
      onclosetag: (start, end) => told.add('close', html.slice(start, end)),
      oncomment: (start, end) => told.add('comment', String(end - start)),
      oncdata: (start, end, endOffset) => told.add('cdata', html.slice(start, end - endOffset)),
      ondeclaration: () => undefined,
      onprocessinginstruction: () => undefined,
      onend: () => undefined,
      isInForeignContext: () => false,
    },
  )
  tokenizer.write(html)
  tokenizer.end()
  return told.lines
}

/** A value of no characters is told by them alone. */
const withoutEmptyValues = (lines: readonly string[]): readonly string[] => lines.filter((line) => line !== 'value ')

const marks =
  '< > / = " \' & ; - -- --! --> <!-- <! <!> <!-> <? ]]> <![CDATA[ <!doctype </ </> /> &amp; &amp &nGt; &notit; &#0; &#65 &#x10ffff; é \u212a'
const tags =
  '<p> </p> <a <TITLE> </title> </title/> <textarea> </TextArea> <style> </style> <script> </script <plaintext> <xmp> </xmp> <iframe> </iframe> <noframes> <br/>'
const pieces = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...marks.split(' '), ' ', '\n', 'x', 'href') },
  { weight: 2, arbitrary: fc.constantFrom(...tags.split(' ')) },
  { weight: 1, arbitrary: fc.string({ maxLength: 6 }) },
)

test('any HTML is taken apart as htmlparser2 takes it', () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
      // What ends every tag, also one that lacks a value, which a quote would begin: of a tag without an end they make text.
      const html = `${parts.join('')}x'">`
      // They take no reference for one behind what might have become an end tag.
      fc.pre(!/<\/?[a-z]*&/i.test(html))
      assert.deepEqual(withoutEmptyValues(ours(html)), withoutEmptyValues(theirs(html)))
    }),
    { numRuns: 1_000 },
  )
})

for (const html of [
  'x<',
  'x<b',
  'x<s',
  'x<script',
  'x<br/',
  'x<a href',
  'x<a href=y',
  'x<a href="y',
  'x</b',
  'x</b ',
  'x<!',
  'x<!--',
]) {
  test(`of what has no end nothing is text: ${html}`, () => {
    assert.equal(
      ours(html)
        .filter((line) => line.startsWith('text '))
        .join(),
      html === 'x<' ? 'text x<' : 'text x',
    )
  })
}
