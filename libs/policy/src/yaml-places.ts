/** Where things stand in YAML text. */
import { type Document, isAlias, isMap, isNode, isPair, isScalar, isSeq, visit } from 'yaml'
import type { Finding, Path } from './fault.ts'
import { quoted } from './value-words.ts'

/** The offset of the key or item at the end of a path; of the deepest part that exists where the path does not. */
export function offsetOf(yaml: Document, path: Path): number {
  let node: unknown = yaml.contents
  let offset = startOf(node) ?? 0
  for (const segment of path) {
    const found = child(isAlias(node) ? node.resolve(yaml) : node, segment)
    if (found === undefined) break
    offset = startOf(found.place) ?? offset
    node = found.value
  }
  return offset
}

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined)

function child(node: unknown, segment: string | number): { place: unknown; value: unknown } | undefined {
  if (isSeq(node))
    return typeof segment === 'number' && segment in node.items
      ? { place: node.items[segment], value: node.items[segment] }
      : undefined
  if (!isMap(node)) return undefined
  const pair = node.items.find(({ key }) => keyText(key) === String(segment))
  return pair && { place: pair.key, value: pair.value }
}

const keyText = (key: unknown): string => String(isScalar(key) ? key.value : key)

/** A finding for each key that stands twice in one block, and the offset of its repetition. */
export function duplicateKeys(yaml: Document): readonly (Finding & { readonly offset: number })[] {
  const findings: (Finding & { readonly offset: number })[] = []
  visit(yaml, {
    Map(_, map, ancestors) {
      const seen = new Set<string>()
      for (const { key } of map.items) {
        const name = keyText(key)
        if (seen.has(name)) {
          const path = [...pathOf([...ancestors, map]), name]
          const message = `the key ${quoted(name)} stands here twice`
          findings.push({ path, message, hint: 'Remove one of the two: only one can count', offset: startOf(key) ?? 0 })
        }
        seen.add(name)
      }
    },
  })
  return findings
}

/** The path to the last of nested nodes, as `visit` names them. */
function pathOf(nodes: readonly unknown[]): Path {
  return nodes.flatMap((node, index): (string | number)[] => {
    if (isPair(node)) return [keyText(node.key)]
    const next = nodes[index + 1]
    return isSeq(node) && next !== undefined ? [node.items.indexOf(next)] : []
  })
}
