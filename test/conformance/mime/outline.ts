/** A message as lines that can be compared: one a part, indented by depth, with what its body means. */
import type { MimeMessage, MimePart } from '@sallyport/mail'

export type Node =
  | { readonly kind: 'multipart' | 'message'; readonly children: readonly Node[] }
  | { readonly kind: 'leaf'; readonly body: string }

/** `bodyOf` says what is compared of a part without parts of its own. */
export function treeOf(part: MimePart, bodyOf: (leaf: MimePart) => string): Node {
  const isMultipart = part.mediaType.startsWith('multipart/')
  if (part.children.length === 0 && !isMultipart) return { kind: 'leaf', body: bodyOf(part) }
  return { kind: isMultipart ? 'multipart' : 'message', children: part.children.map((child) => treeOf(child, bodyOf)) }
}

export function outline(node: Node, depth = 0): readonly string[] {
  const indent = '  '.repeat(depth)
  if (node.kind === 'leaf') return [`${indent}leaf ${JSON.stringify(node.body)}`]
  return [`${indent}${node.kind}`, ...node.children.flatMap((child) => outline(child, depth + 1))]
}

/** The first line where two outlines differ, cut to what can be read; undefined where they are the same. */
export function firstDifference(actual: readonly string[], expected: readonly string[]): string | undefined {
  for (let place = 0; place < Math.max(actual.length, expected.length); place++) {
    const [one = 'nothing', other = 'nothing'] = [actual[place], expected[place]]
    if (one === other) continue
    let same = 0
    while (one[same] === other[same]) same++
    const from = Math.max(0, same - 20)
    return `line ${place}, character ${same}: ${one.slice(from, same + 60)} where ${other.slice(from, same + 60)} is expected`
  }
  return undefined
}

export const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** Text of text parts, bytes of others. */
export const textOrBytes =
  (message: MimeMessage) =>
  (leaf: MimePart): string =>
    leaf.mediaType.startsWith('text/') ? message.text(leaf) : latin1(message.decoded(leaf))
