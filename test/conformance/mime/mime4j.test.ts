/** Against the expected events of Apache mime4j (Apache-2.0): structure and decoded bodies. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { readMime } from '@sallyport/mail'
import { firstDifference, latin1, type Node, outline, treeOf } from './outline.ts'
import { skipWithoutSuites, suiteFiles, suiteFolder } from './suites.ts'

const encoded = 'a message that is encoded (RFC 2045 §6.4 forbids it) is one opaque part'
const tail = 'what stands behind the end of base64 is decoded to its last whole byte'
const padded = 'white space at the end of a boundary is no part of it (RFC 2046 §5.1.1)'

/** Where we read otherwise. */
const differences: Readonly<Record<string, string>> = {
  'mimetools-testmsgs/frag': tail,
  'mimetools-testmsgs/multi-frag': tail,
  'mimetools-testmsgs/multi-2gifs-base64': encoded,
  'testmsgs/bad-newlines-multiple-parts-base64': encoded,
  'testmsgs/base64encoded-rfc822message': encoded,
  'testmsgs/base64encoded-rfc822message-nested': encoded,
  'testmsgs/malformedHeader-noheader': 'text without any header is a body, not a header without one',
  'testmsgs/malformedHeaderStartsBody-nocrlfcrlf': 'a line that is no field does not end the header',
  'testmsgs/malformedHeaderStartsBody-noheader': 'text without any header is the body to its end',
  'testmsgs/very-long-boundary': padded,
  'testmsgs/very-very-long-boundary': padded,
  'testmsgs/weird-boundary': padded,
}

const unixLines = (text: string): string => text.replaceAll('\r\n', '\n')

interface Open {
  readonly kind: 'multipart' | 'message'
  readonly children: Node[]
}

/** The message is the first child of what is returned. */
function expectedTree(file: string): Node | undefined {
  const top: Open = { kind: 'message', children: [] }
  const open: Open[] = [top]
  for (const [, slash, tag, name] of readFileSync(file, 'utf8').matchAll(/<(\/?)([a-z-]+)(?: name="([^"]*)")?\/?>/g)) {
    const parent = open.at(-1)
    assert.ok(parent)
    if (tag === 'text-body' || tag === 'binary-body') {
      parent.children.push({ kind: 'leaf', body: unixLines(readFileSync(join(dirname(file), name ?? ''), 'latin1')) })
    } else if (tag === 'multipart' || tag === 'message') {
      if (slash) open.pop()
      else {
        const node: Open = { kind: tag, children: [] }
        parent.children.push(node)
        open.push(node)
      }
    }
  }
  const [message] = top.children
  // The outermost `message` element is the message itself, whatever its type.
  return message?.kind === 'message' ? message.children[0] : undefined
}

test('mime4j: parts and bodies', { skip: skipWithoutSuites }, () => {
  const suite = 'mime4j/core/src/test/resources'
  const files = suiteFiles(suite, '*/*_decoded.xml')
  assert.equal(files.length, 80)
  const differing: string[] = []
  for (const file of files) {
    const name = file.replace('_decoded.xml', '')
    const message = readMime(readFileSync(join(suiteFolder(suite), `${name}.msg`)))
    const expected = expectedTree(join(suiteFolder(suite), file))
    assert.ok(expected, file)
    const own = treeOf(message.root, (leaf) => unixLines(latin1(message.decoded(leaf))))
    const difference = firstDifference(outline(own), outline(expected))
    if (name in differences) {
      if (difference) differing.push(name)
    } else assert.equal(difference, undefined, file)
  }
  assert.deepEqual(differing.sort(), Object.keys(differences).sort())
})
