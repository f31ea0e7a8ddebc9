/** How many messages each check found something on; in words whether that check only watches. */
import type { Applications } from '@sallyport/contracts'
import { shortCount } from '../../format/numbers.ts'
import { Badge } from '../../parts/badge.tsx'
import styles from './badges.module.css'

export function ViolationBadges({
  application: { violations, checks },
}: {
  readonly application: Pick<Applications['applications'][number], 'violations' | 'checks'>
}) {
  const found = Object.entries(violations)
    .filter(([, messages]) => messages > 0)
    .sort(([, a], [, b]) => b - a)
  if (found.length === 0) return <span className={styles.none}>none</span>
  return (
    <span className={styles.badges}>
      {found.map(([check, messages]) => {
        const isEnforced = checks[check] === 'enforce'
        return (
          <Badge key={check} tone={isEnforced ? 'bad' : 'warn'} title={isEnforced ? 'enforced: refused or held' : 'only watched'}>
            {check} {shortCount(messages)}
          </Badge>
        )
      })}
    </span>
  )
}
