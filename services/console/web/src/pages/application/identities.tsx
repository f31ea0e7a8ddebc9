/** What an application really sends as. */
import type { ApplicationDetail } from '@sallyport/contracts'
import { Link } from 'react-router'
import { count } from '../../format/numbers.ts'
import { StepMoment } from '../../parts/moment.tsx'
import { EmptyState } from '../../parts/notices.tsx'
import { Panel } from '../../parts/panel.tsx'
import { type Column, RecordTable } from '../../parts/record-table.tsx'

type Row = ApplicationDetail['identities'][number]

const columns: readonly Column<Row>[] = [
  {
    name: 'Address',
    isHead: true,
    cell: ({ address }) =>
      address === '' ? '<> (null sender)' : <Link to={`/messages?sender=${encodeURIComponent(address)}`}>{address}</Link>,
  },
  { name: 'Where', isShort: true, cell: ({ kind }) => (kind === 'envelope' ? 'MAIL FROM' : 'header From') },
  { name: 'Messages', isNumber: true, cell: ({ messages }) => count(messages) },
  { name: 'Last', isShort: true, cell: ({ lastAt }) => <StepMoment at={lastAt} step="day" /> },
]

export function Identities({ identities }: { readonly identities: readonly Row[] }) {
  return (
    <Panel title="Sends as" note="the most frequent first">
      {identities.length === 0 ? (
        <EmptyState icon="applications" title="It sent nothing in this time">
          Its addresses appear here with its first message.
        </EmptyState>
      ) : (
        <RecordTable
          label="Addresses that it sends as"
          rows={identities}
          columns={columns}
          keyOf={({ kind, address }) => `${kind} ${address}`}
        />
      )}
    </Panel>
  )
}
