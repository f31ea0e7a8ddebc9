/** What a revision changes, in the words of the document. */
import type { PolicyDocument } from './document.ts'
import { jsonPointer, type Path } from './fault.ts'

export interface PolicyChange {
  /** As a JSON Pointer, with the name of an application or user in place of its index: `/applications/billing/checks/spam/mode`. */
  readonly path: string
  readonly kind: 'added' | 'removed' | 'changed'
  readonly before?: unknown
  readonly after?: unknown
}

/**
 * Every difference between two documents, none where they mean the same: the order of keys, applications, users and of lists
 * of texts does not count, but for `smarthost`, where it is the order of failover. An application that is new or gone is one change.
 */
export function diffPolicy(before: PolicyDocument, after: PolicyDocument): readonly PolicyChange[] {
  return differences(before, after, [])
}

function differences(before: unknown, after: unknown, path: Path): PolicyChange[] {
  if (before === undefined && after === undefined) return []
  if (before === undefined) return [{ path: jsonPointer(path), kind: 'added', after }]
  if (after === undefined) return [{ path: jsonPointer(path), kind: 'removed', before }]
  const [left, right] = [named(before, path), named(after, path)]
  if (left && right) {
    const keys = new Set([...left.keys(), ...right.keys()])
    return [...keys].flatMap((key) => differences(left.get(key), right.get(key), [...path, key]))
  }
  const isSame = JSON.stringify(sorted(before)) === JSON.stringify(sorted(after))
  return isSame ? [] : [{ path: jsonPointer(path), kind: 'changed', before, after }]
}

/** The parts of a value by name: the keys of a block, the applications and users of a list, each text of a list; else undefined. */
function named(value: unknown, path: Path): ReadonlyMap<string, unknown> | undefined {
  if (Array.isArray(value)) return namedItems(value, path)
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined
}

function namedItems(items: readonly unknown[], path: Path): ReadonlyMap<string, unknown> | undefined {
  if (path.at(-1) === 'smarthost') return undefined
  const names = items.map(nameOf)
  if (names.includes(undefined) || new Set(names).size < names.length) return undefined
  return new Map(items.map((item, index) => [names[index] ?? '', item]))
}

function nameOf(item: unknown): string | undefined {
  if (typeof item === 'string') return item
  if (typeof item !== 'object' || item === null) return undefined
  if ('name' in item && typeof item.name === 'string') return item.name
  return 'user' in item && typeof item.user === 'string' ? item.user : undefined
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, item]) => [key, sorted(item)])
}
