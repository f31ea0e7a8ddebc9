/** Which checks are on, by mode. */
import type { Applications } from '@sallyport/contracts'
import { Badge } from '../../parts/badge.tsx'
import { modeTones } from '../../parts/tone.ts'
import styles from './badges.module.css'

export function ModeBadges({ checks }: { readonly checks: Applications['applications'][number]['checks'] }) {
  const inMode = (wanted: 'enforce' | 'monitor') =>
    Object.entries(checks).flatMap(([check, mode]) => (mode === wanted ? [check] : []))
  const modes = (['enforce', 'monitor'] as const).map((mode) => ({ mode, on: inMode(mode) })).filter(({ on }) => on.length > 0)
  if (modes.length === 0) return <span className={styles.none}>all off</span>
  return (
    <span className={styles.modes}>
      {modes.map(({ mode, on }) => (
        <span key={mode}>
          <Badge tone={modeTones[mode]}>{mode}</Badge> {on.join(', ')}
        </span>
      ))}
    </span>
  )
}
