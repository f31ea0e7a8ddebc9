/** A word on its colour. */
import type { ReactNode } from 'react'
import styles from './badge.module.css'
import type { Tone } from './tone.ts'

export function Badge({ tone, children, title }: { readonly tone: Tone; readonly children: ReactNode; readonly title?: string }) {
  return (
    <span className={`${styles.badge} ${styles[tone]}`} title={title}>
      {children}
    </span>
  )
}
