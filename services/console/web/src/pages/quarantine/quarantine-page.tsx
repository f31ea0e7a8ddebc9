/** What is held, and its end: release or drop, one or many, always with a reason. */
import { Button, Menu, NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import type { HeldSummary } from '@sallyport/contracts'
import { useState } from 'react'
import { Link } from 'react-router'
import { useSession } from '../../app/session.tsx'
import { useAsked } from '../../client/use-asked.ts'
import { usePages } from '../../client/use-pages.ts'
import { bytes, count, counted } from '../../format/numbers.ts'
import { relative } from '../../format/times.ts'
import { Icon } from '../../parts/icon.tsx'
import { Moment, useNow } from '../../parts/moment.tsx'
import { EmptyState } from '../../parts/notices.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { Paged } from '../../parts/paged.tsx'
import { Panel } from '../../parts/panel.tsx'
import { ReasonDialog } from '../../parts/reason-dialog.tsx'
import { type Column, RecordTable } from '../../parts/record-table.tsx'
import styles from './quarantine-page.module.css'
import { useHeldCommands } from './use-held-commands.tsx'

const causes = [
  { value: '', label: 'every cause' },
  { value: 'verdict', label: 'by verdict' },
  { value: 'late-reject', label: 'rejected late' },
  { value: 'fault', label: 'a fault' },
]

export function QuarantinePage() {
  const { client, may } = useSession()
  const [typed, setTyped] = useState('')
  const [text] = useDebouncedValue(typed.trim(), 300)
  const [application, setApplication] = useState('')
  const [cause, setCause] = useState<'' | HeldSummary['cause']>('')
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const applications = useAsked('listApplications', {}, { everyMs: 300_000 })
  const filter = { ...(text ? { text } : {}), ...(application ? { application } : {}), ...(cause ? { cause } : {}) }
  const found = usePages(
    ['listQuarantine', filter],
    (page, signal) => client.ask('listQuarantine', { query: { ...filter, limit: 100, ...page }, signal }),
    { everyMs: 10_000 },
  )
  const held = found.data?.pages.flatMap((page) => page.held) ?? []
  const total = found.data?.pages[0]?.total ?? 0
  const { doing, one, many, close } = useHeldCommands(() => setSelected(new Set()))
  // What is selected and gone meanwhile is no longer meant.
  const chosen = held.filter(({ id }) => selected.has(id)).map(({ id }) => id)
  const isFiltered = Object.keys(filter).length > 0
  return (
    <>
      <PageHead title="Quarantine" note="Accepted, and not let out: until somebody decides, or its time is over" />
      <div className={styles.filters}>
        <TextInput
          aria-label="Sender, recipient, explanation or id"
          placeholder="Sender, recipient, explanation or id"
          leftSection={<Icon name="search" size={15} />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <NativeSelect
          aria-label="Application"
          value={application}
          data={[
            { value: '', label: 'every application' },
            ...(applications.data?.applications.map(({ name }) => ({ value: name, label: name })) ?? []),
          ]}
          onChange={(event) => setApplication(event.currentTarget.value)}
        />
        <NativeSelect
          aria-label="Cause"
          value={cause}
          data={causes}
          onChange={(event) => setCause(causeOf(event.currentTarget.value))}
        />
      </div>
      <Panel
        title={`${counted(total, 'held message')}`}
        note={held.length < total ? `the oldest ${count(held.length)} are shown` : 'the oldest first'}
        action={
          may('operator') &&
          held.length > 0 && (
            <BulkMenu
              chosen={chosen.length}
              total={isFiltered ? total : 0}
              run={(command, ofFilter) =>
                many(command, ofFilter ? { filter, count: total } : { ids: chosen, count: chosen.length })
              }
            />
          )
        }
      >
        {!may('operator') && <p className={styles.soft}>Releasing and dropping needs an operator; your token is of a viewer.</p>}
        <Paged found={found} rows={held} empty={<NothingHeld isFiltered={isFiltered} />}>
          {(rows) => (
            <RecordTable
              label="Held messages"
              rows={rows}
              columns={columnsOf(may('operator') ? one : undefined)}
              keyOf={({ id }) => id}
              {...(may('operator') ? { selection: { selected, select: setSelected } } : {})}
            />
          )}
        </Paged>
      </Panel>
      <ReasonDialog doing={doing} close={close} />
    </>
  )
}

function NothingHeld({ isFiltered }: { readonly isFiltered: boolean }) {
  return (
    <EmptyState icon="check" title={isFiltered ? 'Nothing fits' : 'Nothing is held'}>
      {isFiltered
        ? 'Take a filter away to see more.'
        : 'What an enforced check holds, or what was rejected after it had been accepted, waits here for your decision.'}
    </EmptyState>
  )
}

const causeOf = (value: string): '' | HeldSummary['cause'] =>
  value === 'verdict' || value === 'late-reject' || value === 'fault' ? value : ''

function BulkMenu({
  chosen,
  total,
  run,
}: {
  readonly chosen: number
  /** That the filter matches; 0 where there is none. */
  readonly total: number
  readonly run: (command: 'release' | 'drop', ofFilter: boolean) => void
}) {
  if (chosen === 0 && total === 0) return <span className={styles.soft}>Select some to act on them together</span>
  const ofFilter = chosen === 0
  const what = ofFilter ? `all ${count(total)} found` : `${count(chosen)} selected`
  return (
    <span className={styles.bulk}>
      <Button size="xs" onClick={() => run('release', ofFilter)}>
        Release {what}
      </Button>
      <Button size="xs" color="red" variant="outline" onClick={() => run('drop', ofFilter)}>
        Drop {what}
      </Button>
    </span>
  )
}

function columnsOf(one: ((command: 'release' | 'drop', held: HeldSummary) => void) | undefined): readonly Column<HeldSummary>[] {
  return [
    {
      name: 'Message',
      isHead: true,
      cell: ({ id, sender, recipients, contentBytes }) => (
        <>
          <Link to={`/messages/${id}`}>{sender || '<>'}</Link>
          <span className={styles.addresses}>
            to {recipients[0] ?? '?'}
            {recipients.length > 1 && ` and ${recipients.length - 1} more`},{' '}
            <span className={styles.whole}>{bytes(contentBytes)}</span>
          </span>
        </>
      ),
    },
    {
      name: 'Application',
      isShort: true,
      cell: ({ application }) => <Link to={`/applications/${application}`}>{application}</Link>,
    },
    { name: 'Held', isShort: true, cell: ({ heldAt }) => <Moment at={heldAt} /> },
    { name: 'Then', isShort: true, cell: ({ expiresAt, onExpiry }) => <Expiry at={expiresAt} then={onExpiry} /> },
    { name: 'Why', cell: ({ explanation, cause }) => explanation || cause },
    ...(one
      ? [
          {
            name: 'Decide',
            cell: (held: HeldSummary) => (
              <span className={styles.decide}>
                <Button size="compact-xs" variant="default" onClick={() => one('release', held)}>
                  Release
                </Button>
                <Menu position="bottom-end">
                  <Menu.Target>
                    <Button size="compact-xs" variant="default" aria-label={`More for ${held.id}`}>
                      …
                    </Button>
                  </Menu.Target>
                  <Menu.Dropdown>
                    <Menu.Item component={Link} to={`/messages/${held.id}`}>
                      Look at it
                    </Menu.Item>
                    <Menu.Item color="red" onClick={() => one('drop', held)}>
                      Drop it
                    </Menu.Item>
                  </Menu.Dropdown>
                </Menu>
              </span>
            ),
          },
        ]
      : []),
  ]
}

function Expiry({ at, then }: { readonly at: number; readonly then: HeldSummary['onExpiry'] }) {
  const now = useNow()
  const words = { release: 'released', drop: 'dropped', bounce: 'bounced' } as const
  return (
    <>
      {words[then]} {relative(at, now)}
    </>
  )
}
