/** Where in a YAML document an offset is, and where a path of the document stands in the text. */
import { type Document, isMap, isPair, isScalar, isSeq, type Node, type Pair, parseDocument } from 'yaml'
import type { Path } from './schema-walk.ts'

export interface Place {
  /** Of the map that a key is wanted for, or of the value that is wanted. */
  readonly path: Path
  readonly kind: 'key' | 'value'
  /** Keys of the map that stand there already. */
  readonly present: readonly string[]
}

/** No document has it. */
const marker = '\u2042here'

/**
 * Where something that begins at `from` and ends at `to` would stand. Undefined within text that goes on: comments, quoted and
 * folded scalars.
 */
export function placeOf(text: string, from: number, to: number): Place | undefined {
  // As a key where it is none yet: without its colon it would go on into the next line.
  for (const written of [marker, `${marker}:`]) {
    const document = parseDocument(`${text.slice(0, from)}${written}${text.slice(to)}`, { logLevel: 'silent' })
    const place = document.contents ? placeIn(document.contents, []) : undefined
    if (place) return place
  }
  return undefined
}

function placeIn(node: unknown, path: Path): Place | undefined {
  if (isScalar(node)) return isMarker(node) ? { path, kind: 'value', present: [] } : undefined
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      const found = placeIn(item, [...path, index])
      if (found) return found
    }
    return undefined
  }
  if (!isMap(node)) return undefined
  for (const pair of node.items) {
    if (isMarker(pair.key)) {
      const present = node.items.map(keyOf).filter((key) => !key.startsWith(marker))
      return { path, kind: 'key', present }
    }
    const found = placeIn(pair.value, [...path, keyOf(pair)])
    if (found) return found
  }
  return undefined
}

const isMarker = (node: unknown): boolean => isScalar(node) && typeof node.value === 'string' && node.value === marker
const keyOf = ({ key }: Pair<unknown, unknown>): string => String(isScalar(key) ? key.value : key)

/** The path of what stands at an offset: of a key the path of its value. */
export function pathAt(text: string, offset: number): Path | undefined {
  return pathIn(parseDocument(text, { logLevel: 'silent' }).contents, offset, [])
}

function pathIn(node: unknown, offset: number, path: Path): Path | undefined {
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) if (covers(item, offset)) return pathIn(item, offset, [...path, index])
    return path
  }
  if (isMap(node)) {
    for (const pair of node.items) {
      const own = [...path, keyOf(pair)]
      if (covers(pair.key, offset)) return own
      if (covers(pair.value, offset)) return pathIn(pair.value, offset, own)
    }
  }
  return path
}

const covers = (node: unknown, offset: number): boolean => {
  const range = rangeOf(node)
  return range !== undefined && range[0] <= offset && offset <= range[1]
}

function rangeOf(node: unknown): readonly [number, number] | undefined {
  const range = (node as Partial<Node> | null | undefined)?.range
  return range ? [range[0], range[1]] : undefined
}

/** Where what a JSON Pointer names stands: its key, else itself, else what is around it. The whole text where nothing is found. */
export function rangeOfPointer(document: Document, pointer: string, textLength: number): readonly [number, number] {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  let node: unknown = document.contents
  let range: readonly [number, number] = [0, Math.min(textLength, 1)]
  for (const step of steps) {
    if (isMap(node)) {
      const pair = node.items.find((one) => isPair(one) && keyOf(one) === step)
      if (!pair) break
      range = rangeOf(pair.key) ?? range
      node = pair.value
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(step)]
      const found = rangeOf(item)
      if (!found) break
      range = [found[0], Math.min(found[1], found[0] + 40)]
      node = item
    } else break
  }
  if (isScalar(node)) range = rangeOf(node) ?? range
  return range
}
