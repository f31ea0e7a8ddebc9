/** A part of a page with a name. */
import { type ReactNode, useId } from 'react'
import styles from './panel.module.css'

export function Panel({
  title,
  note,
  action,
  children,
}: {
  readonly title: string
  readonly note?: ReactNode
  readonly action?: ReactNode
  readonly children: ReactNode
}) {
  const id = useId()
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <div className={styles.head}>
        <h2 id={id}>{title}</h2>
        {note && <span className={styles.note}>{note}</span>}
        {action && <div className={styles.action}>{action}</div>}
      </div>
      {children}
    </section>
  )
}

/** Figures beside each other. */
export function Figures({ children }: { readonly children: ReactNode }) {
  return <dl className={styles.figures}>{children}</dl>
}

export function Figure({
  name,
  value,
  note,
  tone,
}: {
  readonly name: string
  readonly value: string
  readonly note?: ReactNode
  readonly tone?: 'good' | 'warn' | 'bad'
}) {
  return (
    <div className={styles.figure}>
      <dt>{name}</dt>
      <dd className={tone ? styles[tone] : undefined}>{value}</dd>
      {note && <dd className={styles.note}>{note}</dd>}
    </div>
  )
}
