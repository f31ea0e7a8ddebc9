/** The checks of an application: their modes, and the switch with what the last days would have suffered. */
import { SegmentedControl } from '@mantine/core'
import type { ApplicationReadiness, CheckReadiness, Mode } from '@sallyport/contracts'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useSession } from '../../app/session.tsx'
import { count, counted } from '../../format/numbers.ts'
import { Badge } from '../../parts/badge.tsx'
import { Panel } from '../../parts/panel.tsx'
import { type Doing, ReasonDialog } from '../../parts/reason-dialog.tsx'
import { useNotice } from '../../parts/toast.tsx'
import { modeTones } from '../../parts/tone.ts'
import styles from './check-cards.module.css'
import { DayBars } from './day-bars.tsx'
import { suffered } from './suffered.ts'
import { SwitchText } from './switch-text.tsx'

const modes: readonly Mode[] = ['off', 'monitor', 'enforce']

export function CheckCards({ readiness }: { readonly readiness: ApplicationReadiness }) {
  const { application, policyRevision, checks } = readiness
  const { client, session, may } = useSession()
  const queries = useQueryClient()
  const say = useNotice()
  const [doing, setDoing] = useState<Doing>()
  const mayNot =
    session.policySource === 'file'
      ? 'The policy comes from a file: change the mode there.'
      : may('admin')
        ? undefined
        : `Your token is of a ${session.scope}: switching a check needs an admin.`

  function ask(check: CheckReadiness, mode: Mode): void {
    setDoing({
      title: `${check.check} of ${application}: ${check.mode} to ${mode}`,
      text: <SwitchText check={check} mode={mode} application={application} owner={readiness.owner} />,
      verb: mode === 'enforce' ? 'Enforce' : mode === 'monitor' ? 'Only watch' : 'Switch off',
      isDangerous: mode === 'off',
      size: 'xl',
      async run(reason) {
        const { body } = await client.ask('switchCheck', {
          params: { name: application, check: check.check },
          body: { mode, reason },
          ifMatch: `"${policyRevision}"`,
        })
        await queries.invalidateQueries()
        say(
          `${check.check} of ${application} is on ${mode}: policy revision ${body.revision}. The history of the policy rolls it back.`,
        )
      },
    })
  }

  return (
    <Panel title="Checks" note={mayNot ?? 'Enforce one at a time; what the last 7 days would have suffered stands beside it'}>
      <ul className={styles.cards}>
        {checks.map((check) => (
          <li key={check.check} className={styles.card}>
            <div className={styles.head}>
              <h3>{check.check}</h3>
              {mayNot === undefined ? (
                <SegmentedControl
                  size="xs"
                  aria-label={`Mode of ${check.check}`}
                  value={check.mode}
                  data={modes.map((mode) => ({ value: mode, label: mode }))}
                  onChange={(mode) => ask(check, modes.find((one) => one === mode) ?? 'monitor')}
                />
              ) : (
                <Badge tone={modeTones[check.mode]}>{check.mode}</Badge>
              )}
            </div>
            <CheckFigures check={check} />
          </li>
        ))}
      </ul>
      <ReasonDialog doing={doing} close={() => setDoing(undefined)} />
    </Panel>
  )
}

function CheckFigures({ check }: { readonly check: CheckReadiness }) {
  if (check.mode === 'off') return <p className={styles.soft}>Off: it is not asked. Switch it to monitor to see what it finds.</p>
  const all = suffered(check)
  const word = check.mode === 'enforce' ? 'suffered' : 'would have suffered'
  return (
    <>
      <p className={styles.sum}>
        <strong className={all > 0 ? styles.some : styles.nothing}>{count(all)}</strong> of {counted(check.messages, 'message')}{' '}
        {word}
      </p>
      <DayBars perDay={check.perDay} />
      <p className={styles.soft}>
        Watched on {counted(check.daysWatched, 'day')}, {counted(check.violations.length, 'distinct violation')}
        {check.unavailable > 0 && `, ${count(check.unavailable)} could not be judged`}
      </p>
      <p>
        <Badge tone={check.isSafe ? 'good' : 'warn'}>{check.isSafe ? 'safe to enforce' : 'look first'}</Badge>{' '}
        <span className={styles.soft}>{check.advice}</span>
      </p>
    </>
  )
}
