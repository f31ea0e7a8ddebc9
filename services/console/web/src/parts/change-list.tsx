/** What differs, key by key, in words. */
import type { PolicyChangeLine } from '@sallyport/contracts'
import { stringify } from 'yaml'
import { Badge } from './badge.tsx'
import styles from './change-list.module.css'

const tones = { added: 'good', removed: 'bad', changed: 'warn' } as const

export function ChangeList({ changes }: { readonly changes: readonly PolicyChangeLine[] }) {
  if (changes.length === 0) return <p>Nothing that matters changes: comments and layout are not kept.</p>
  return (
    <ul className={styles.changes}>
      {changes.map(({ path, kind, before, after }) => (
        <li key={`${kind} ${path}`}>
          <Badge tone={tones[kind]}>{kind}</Badge> <code>{path}</code>
          <span className={styles.values}>
            {kind !== 'added' && <del>{written(before)}</del>}
            {kind === 'changed' && ' → '}
            {kind !== 'removed' && <ins>{written(after)}</ins>}
          </span>
        </li>
      ))}
    </ul>
  )
}

const longest = 200

function written(value: unknown): string {
  const text = typeof value === 'object' && value !== null ? stringify(value, { collectionStyle: 'flow' }).trim() : String(value)
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
