/** A table that becomes a list of cards where it is narrow. It stays a table to screen readers: its roles are written out. */
import { Checkbox } from '@mantine/core'
import type { ReactNode } from 'react'
import styles from './record-table.module.css'

export interface Column<R> {
  readonly name: string
  readonly cell: (row: R) => ReactNode
  /** Numbers stand at the end, and are short. */
  readonly isNumber?: boolean
  /** Three of them stand beside each other on a card. */
  readonly isShort?: boolean
  /** On a card it stands without its name, over the whole width. */
  readonly isHead?: boolean
}

export interface Selection {
  readonly selected: ReadonlySet<string>
  readonly select: (selected: ReadonlySet<string>) => void
}

export function RecordTable<R>({
  label,
  rows,
  columns,
  keyOf,
  selection,
}: {
  readonly label: string
  readonly rows: readonly R[]
  readonly columns: readonly Column<R>[]
  readonly keyOf: (row: R) => string
  readonly selection?: Selection
}) {
  const isAll = rows.length > 0 && rows.every((row) => selection?.selected.has(keyOf(row)))
  return (
    // biome-ignore-start lint/a11y: roles that the elements lose where the style sheet makes them blocks
    <table role="table" className={styles.table} aria-label={label}>
      <thead role="rowgroup">
        <tr role="row">
          {selection && (
            <th role="columnheader" scope="col" className={styles.select}>
              <Checkbox
                aria-label="Select all that are shown"
                size="xs"
                checked={isAll}
                indeterminate={!isAll && selection.selected.size > 0}
                onChange={() => selection.select(isAll ? new Set() : new Set(rows.map(keyOf)))}
              />
            </th>
          )}
          {columns.map(({ name, isNumber }) => (
            <th role="columnheader" scope="col" key={name} className={isNumber ? styles.number : undefined}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => {
          const key = keyOf(row)
          return (
            <tr role="row" key={key}>
              {selection && (
                <td role="cell" className={styles.select}>
                  <Checkbox
                    aria-label={`Select ${key}`}
                    size="xs"
                    checked={selection.selected.has(key)}
                    onChange={() => selection.select(toggled(selection.selected, key))}
                  />
                </td>
              )}
              {columns.map(({ name, cell, isNumber, isShort, isHead }) => (
                <td
                  role="cell"
                  key={name}
                  data-name={isHead ? undefined : name}
                  className={[isNumber && styles.number, (isNumber || isShort) && styles.short, isHead && styles.lead]
                    .filter(Boolean)
                    .join(' ')}
                >
                  {cell(row)}
                </td>
              ))}
            </tr>
          )
        })}
      </tbody>
    </table>
    // biome-ignore-end lint/a11y: see above
  )
}

function toggled(selected: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(selected)
  if (!next.delete(key)) next.add(key)
  return next
}
