/** What an entry of the audit log changed, key by key. */
import type { AuditEntry, PolicyChangeLine } from '@sallyport/contracts'

/** A change of the policy carries its own differences; what else has a state before and after is compared. */
export function auditChanges({ before, after }: Pick<AuditEntry, 'before' | 'after'>): readonly PolicyChangeLine[] {
  const own = isRecord(after) && Array.isArray(after.changes) ? after.changes : undefined
  return own?.every(isChange) ? own : compared(flat(before), flat(after))
}

function compared(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): PolicyChangeLine[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])]
  return paths.flatMap((path): PolicyChangeLine[] => {
    const [was, is] = [before.get(path), after.get(path)]
    if (was === is) return []
    if (!after.has(path)) return [{ path, kind: 'removed', before: was }]
    if (!before.has(path)) return [{ path, kind: 'added', after: is }]
    return [{ path, kind: 'changed', before: was, after: is }]
  })
}

/** Each value by its path; what is null was not there. Times are written out. */
function flat(value: unknown, path = ''): ReadonlyMap<string, unknown> {
  if (value === null || value === undefined) return new Map()
  if (!isRecord(value) && !Array.isArray(value)) return new Map([[path || '/', readable(path, value)]])
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...flat(inner, `${path}/${key}`)]))
}

const readable = (path: string, value: unknown): unknown =>
  typeof value === 'number' && /(\/at|At)$/.test(path) ? new Date(value).toISOString() : value

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const kinds: readonly unknown[] = ['added', 'removed', 'changed']
const isChange = (value: unknown): value is PolicyChangeLine =>
  isRecord(value) && typeof value.path === 'string' && kinds.includes(value.kind)
