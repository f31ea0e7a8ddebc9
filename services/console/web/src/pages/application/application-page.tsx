/** One application: what it is, what it sends as, what is wrong, and its checks with what enforcing each would have done. */
import type { ApplicationDetail } from '@sallyport/contracts'
import { Link, useParams } from 'react-router'
import { useAsked } from '../../client/use-asked.ts'
import { count, percent } from '../../format/numbers.ts'
import { EmptyState, Loaded } from '../../parts/notices.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { Figure, Figures, Panel } from '../../parts/panel.tsx'
import { RangeSwitch, useRange } from '../../parts/range-switch.tsx'
import { ranges } from '../../parts/ranges.ts'
import { ViolationList } from '../../parts/violation-list.tsx'
import { ViolationsChart } from '../../parts/violations-chart.tsx'
import styles from './application-page.module.css'
import { CheckCards } from './check-cards.tsx'
import { Identities } from './identities.tsx'

export function ApplicationPage() {
  const { name = '' } = useParams()
  const { range, since } = useRange()
  const step = ranges.find((one) => one.name === range)?.step ?? 'day'
  const asked = useAsked('getApplication', { params: { name }, query: { since } })
  const statistics = useAsked('getStatistics', { query: { by: 'check,mode,outcome', application: name, since, step } })
  // What a switch would have done is always shown over the same time: a week has every weekday in it.
  const readiness = useAsked('getReadiness', { params: { name } })
  return (
    <>
      <PageHead
        title={name}
        back={{ to: '/applications', name: 'Applications' }}
        note={asked.data && <Owner detail={asked.data} />}
      >
        <RangeSwitch value={range} />
      </PageHead>
      <Loaded query={asked}>{({ volume }) => <Volumes volume={volume} name={name} />}</Loaded>
      <Loaded query={readiness}>{(found) => <CheckCards readiness={found} />}</Loaded>
      <Panel title="Violations over time" note="by check and mode">
        <Loaded query={statistics}>{(found) => <ViolationsChart statistics={found} />}</Loaded>
      </Panel>
      <Loaded query={asked}>
        {(detail) => (
          <>
            <Panel
              title="What is wrong, and how to fix it"
              action={<Link to={`/messages?application=${name}&verdict=would-refuse`}>Messages that would be refused</Link>}
            >
              {detail.violations.length === 0 ? (
                <EmptyState icon="check" title="Nothing in this time">
                  No check that is on found anything wrong with its mail.
                </EmptyState>
              ) : (
                <ViolationList violations={detail.violations} />
              )}
            </Panel>
            <div className={styles.beside}>
              <Identities identities={detail.identities} />
              <Recognized detail={detail} />
            </div>
          </>
        )}
      </Loaded>
    </>
  )
}

function Owner({ detail: { owner } }: { readonly detail: ApplicationDetail }) {
  if (owner === null) return <>Systems that no application names, from your own networks</>
  return (
    <>
      Owner <a href={`mailto:${owner}`}>{owner}</a>
    </>
  )
}

function Volumes({ volume, name }: { readonly volume: ApplicationDetail['volume']; readonly name: string }) {
  const { messages, refused, held, wouldRefuse } = volume
  return (
    <Figures>
      <Figure name="Messages" value={count(messages)} note={<Link to={`/messages?application=${name}`}>Look at them</Link>} />
      <Figure
        name="Would be refused"
        value={count(wouldRefuse)}
        note={`${percent(wouldRefuse, messages)}, with all enforced`}
        tone={wouldRefuse > 0 ? 'warn' : 'good'}
      />
      <Figure name="Refused" value={count(refused)} note={percent(refused, messages)} tone={refused > 0 ? 'bad' : 'good'} />
      <Figure name="Held" value={count(held)} note={percent(held, messages)} />
    </Figures>
  )
}

function Recognized({ detail: { from, senders, route } }: { readonly detail: ApplicationDetail }) {
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['Networks', from.networks],
    ['SMTP AUTH', from.auth],
    ['Certificates', from.certificates],
    ['Sender domains', senders.domains],
    ['Sender addresses', senders.addresses],
    ['Directories', senders.directories],
    ['Route', [route]],
  ]
  return (
    <Panel title="What the policy says of it" action={<Link to="/policy">Policy</Link>}>
      <dl className={styles.facts}>
        {rows
          .filter(([, values]) => values.length > 0)
          .map(([term, values]) => (
            <div key={term}>
              <dt>{term}</dt>
              {values.map((value) => (
                <dd key={value}>
                  <code>{value}</code>
                </dd>
              ))}
            </div>
          ))}
      </dl>
    </Panel>
  )
}
