/** The mode of each check that is not off. */
import type { Applications } from '@sallyport/contracts'
import { Badge } from '../../parts/badge.tsx'
import { modeTones } from '../../parts/tone.ts'
import styles from './badges.module.css'

export function ModeBadges({ checks }: { readonly checks: Applications['applications'][number]['checks'] }) {
  const on = Object.entries(checks).filter(([, mode]) => mode !== 'off')
  if (on.length === 0) return <span className={styles.none}>all off</span>
  return (
    <span className={styles.badges}>
      {on.map(([check, mode]) => (
        <Badge key={check} tone={modeTones[mode]}>
          {check}: {mode}
        </Badge>
      ))}
    </span>
  )
}
