/** Every application: who owns it, what it sends and what of it is wrong. */
import { TextInput } from '@mantine/core'
import type { Applications } from '@sallyport/contracts'
import { useState } from 'react'
import { Link } from 'react-router'
import { useAsked } from '../../client/use-asked.ts'
import { count, counted } from '../../format/numbers.ts'
import { Icon } from '../../parts/icon.tsx'
import { StepMoment } from '../../parts/moment.tsx'
import { EmptyState, Loaded } from '../../parts/notices.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { Panel } from '../../parts/panel.tsx'
import { RangeSwitch, useRange } from '../../parts/range-switch.tsx'
import { ranges } from '../../parts/ranges.ts'
import { type Column, RecordTable } from '../../parts/record-table.tsx'
import { ViolationsChart } from '../../parts/violations-chart.tsx'
import { byViolations } from './application-order.ts'
import { ModeBadges } from './mode-badges.tsx'
import { ViolationBadges } from './violation-badges.tsx'

type Row = Applications['applications'][number]

const columns: readonly Column<Row>[] = [
  { name: 'Application', isHead: true, cell: ({ name }) => <Link to={`/applications/${name}`}>{name}</Link> },
  { name: 'Owner', cell: ({ owner }) => (owner === '' ? '–' : <a href={`mailto:${owner}`}>{owner}</a>) },
  { name: 'Checks', cell: ({ checks }) => <ModeBadges checks={checks} /> },
  { name: 'Violations', cell: (row) => <ViolationBadges application={row} /> },
  { name: 'Messages', isNumber: true, cell: ({ volume }) => count(volume.messages) },
  { name: 'Would be refused', isNumber: true, cell: ({ volume }) => count(volume.wouldRefuse) },
  { name: 'Refused', isNumber: true, cell: ({ volume }) => count(volume.refused) },
  { name: 'Last message', cell: ({ lastSeenAt }) => (lastSeenAt === null ? 'never' : <StepMoment at={lastSeenAt} step="hour" />) },
]

export function ApplicationsPage() {
  const { range, since } = useRange()
  const [typed, setTyped] = useState('')
  const asked = useAsked('listApplications', { query: { since } })
  const step = ranges.find(({ name }) => name === range)?.step ?? 'day'
  const statistics = useAsked('getStatistics', { query: { by: 'check,mode,outcome', since, step } })
  return (
    <>
      <PageHead title="Applications" note="The registered sending systems, those that need somebody first">
        <RangeSwitch value={range} />
      </PageHead>
      <Panel title="Violations by check and mode">
        <Loaded query={statistics}>{(found) => <ViolationsChart statistics={found} />}</Loaded>
      </Panel>
      <Loaded query={asked}>
        {({ applications }) => {
          const wanted = typed.trim().toLowerCase()
          const rows = applications
            .filter(({ name, owner }) => name.includes(wanted) || owner.toLowerCase().includes(wanted))
            .sort(byViolations)
          return (
            <Panel
              title={counted(applications.length, 'application')}
              action={
                <TextInput
                  aria-label="Name or owner"
                  placeholder="Name or owner"
                  size="xs"
                  leftSection={<Icon name="search" size={15} />}
                  value={typed}
                  onChange={(event) => setTyped(event.currentTarget.value)}
                />
              }
            >
              {rows.length === 0 ? (
                <EmptyState icon="applications" title={applications.length === 0 ? 'No application yet' : 'Nothing fits'}>
                  {applications.length === 0 ? (
                    <>
                      Name your sending systems under <code>applications</code> of the <Link to="/policy">policy</Link>: a name, an
                      owner, and the network or user it comes from.
                    </>
                  ) : (
                    'No name or owner has this in it.'
                  )}
                </EmptyState>
              ) : (
                <RecordTable label="Applications" rows={rows} columns={columns} keyOf={({ name }) => name} />
              )}
            </Panel>
          )
        }}
      </Loaded>
    </>
  )
}
