/** Those applications whose mail is not fit to leave, the worst first: the way to "talk to the owner". */
import type { Applications } from '@sallyport/contracts'
import { Link } from 'react-router'
import { count } from '../../format/numbers.ts'
import { EmptyState } from '../../parts/notices.tsx'
import { type Column, RecordTable } from '../../parts/record-table.tsx'
import { byViolations, violationsOf } from '../applications/application-order.ts'
import { ViolationBadges } from '../applications/violation-badges.tsx'

type Row = Applications['applications'][number]

const columns: readonly Column<Row>[] = [
  { name: 'Application', isHead: true, cell: ({ name }) => <Link to={`/applications/${name}`}>{name}</Link> },
  { name: 'Owner', cell: ({ owner }) => <a href={`mailto:${owner}`}>{owner}</a> },
  { name: 'Violations', cell: (row) => <ViolationBadges application={row} /> },
  { name: 'Messages', isNumber: true, cell: ({ volume }) => count(volume.messages) },
  { name: 'Refused', isNumber: true, cell: ({ volume }) => count(volume.refused) },
  { name: 'Would be refused', isNumber: true, cell: ({ volume }) => count(volume.wouldRefuse) },
]

export function WorstApplications({ applications }: { readonly applications: readonly Row[] }) {
  const worst = applications
    .filter((row) => violationsOf(row) > 0)
    .sort(byViolations)
    .slice(0, 6)
  if (worst.length === 0) {
    return (
      <EmptyState icon="check" title="No violation in the last 24 hours">
        Checks that are on monitor or enforce count here what they find, by application.
      </EmptyState>
    )
  }
  return <RecordTable label="Applications with violations" rows={worst} columns={columns} keyOf={({ name }) => name} />
}
