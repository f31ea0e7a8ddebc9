/** What flows, what is wrong now, and who violates what. */
import type { Overview } from '@sallyport/contracts'
import { Link } from 'react-router'
import { useAsked } from '../../client/use-asked.ts'
import { count, counted, percent } from '../../format/numbers.ts'
import { clockTime } from '../../format/times.ts'
import { Badge } from '../../parts/badge.tsx'
import { Icon } from '../../parts/icon.tsx'
import { EmptyState, Loaded } from '../../parts/notices.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { Figure, Figures, Panel } from '../../parts/panel.tsx'
import { useRange } from '../../parts/range-switch.tsx'
import { FlowPicture } from './flow-picture.tsx'
import type { Live } from './live-state.ts'
import styles from './overview-page.module.css'
import { RatesChart } from './rates-chart.tsx'
import { useLive } from './use-live.ts'
import { WorstApplications } from './worst-applications.tsx'

export function OverviewPage() {
  const live = useLive()
  const asked = useAsked('getOverview', {}, { everyMs: live.isConnected ? 60_000 : 5000 })
  const { since } = useRange('24h')
  const applications = useAsked('listApplications', { query: { since } }, { everyMs: 15_000 })
  return (
    <>
      <PageHead title="Overview" note={<LiveNote live={live} />} />
      <Loaded query={asked}>
        {(first) => {
          const overview = live.overview ?? first
          return (
            <>
              <Problems problems={overview.problems} />
              <Panel title="Right now" note="over the last 10 seconds">
                <FlowPicture overview={overview} />
              </Panel>
            </>
          )
        }}
      </Loaded>
      <Loaded query={applications}>
        {({ applications }) => (
          <>
            <Day applications={applications} />
            <Panel
              title="Who violates what"
              note="in the last 24 hours, monitored and enforced"
              action={<Link to="/applications">All applications</Link>}
            >
              <WorstApplications applications={applications} />
            </Panel>
          </>
        )}
      </Loaded>
      <div className={styles.beside}>
        <Panel title="Messages a second" note="the last two minutes">
          <RatesChart history={live.history} />
        </Panel>
        <Panel title="As it happens">
          <Ticker live={live} />
        </Panel>
      </div>
    </>
  )
}

function LiveNote({ live }: { readonly live: Live }) {
  if (live.isConnected) return <>Live{live.overview?.policyRevision ? `, policy revision ${live.overview.policyRevision}` : ''}</>
  return <>Connecting to the live view…</>
}

function Problems({ problems }: { readonly problems: Overview['problems'] }) {
  if (problems.length === 0) {
    return (
      <div className={styles.well} role="status">
        <Icon name="check" /> All is well: every role that the policy needs runs, and nothing waits too long.
      </div>
    )
  }
  return (
    <ul className={styles.problems} aria-label="What is wrong now">
      {problems.map(({ code, severity, text, advice }) => (
        <li key={`${code} ${text}`} className={severity === 'error' ? styles.error : styles.warning}>
          <Icon name="warning" />
          <div>
            <strong>{text}</strong>
            <p>{advice}</p>
          </div>
        </li>
      ))}
    </ul>
  )
}

interface Counted {
  readonly volume: { readonly messages: number; readonly refused: number; readonly held: number; readonly wouldRefuse: number }
}

function Day({ applications }: { readonly applications: readonly Counted[] }) {
  const sum = (key: keyof Counted['volume']): number => applications.reduce((total, { volume }) => total + volume[key], 0)
  const messages = sum('messages')
  const wouldRefuse = sum('wouldRefuse')
  const refused = sum('refused')
  return (
    <Figures>
      <Figure name="Messages in 24 h" value={count(messages)} note={`of ${counted(applications.length, 'application')}`} />
      <Figure
        name="Would be refused"
        value={count(wouldRefuse)}
        note={`${percent(wouldRefuse, messages)}, with all enforced`}
        tone={wouldRefuse > 0 ? 'warn' : 'good'}
      />
      <Figure name="Refused" value={count(refused)} note={percent(refused, messages)} tone={refused > 0 ? 'bad' : 'good'} />
      <Figure name="Held" value={count(sum('held'))} note={<Link to="/quarantine">To the quarantine</Link>} />
    </Figures>
  )
}

function Ticker({ live }: { readonly live: Live }) {
  if (live.mails.length === 0) {
    return (
      <EmptyState icon="messages" title="Quiet just now">
        What happens to a message appears here at once. Send one:
        <pre>npm run sallyport -- send --from invoices@example.com --to you@example.net</pre>
      </EmptyState>
    )
  }
  return (
    <ul className={styles.ticker}>
      {live.mails.map(({ id, kind, at, application, text, violations }) => (
        <li key={`${id} ${kind} ${at} ${text}`}>
          <time>{clockTime(at).slice(0, 8)}</time>
          <div>
            <Link to={`/messages/${id}`}>{application}</Link> {kind}
            {violations.map((check) => (
              <Badge key={check} tone="bad">
                {check}
              </Badge>
            ))}
            <span className={styles.said}>{text}</span>
          </div>
        </li>
      ))}
    </ul>
  )
}
