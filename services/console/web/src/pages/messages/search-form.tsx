import { Button, NativeSelect, TextInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { useAsked } from '../../client/use-asked.ts'
import styles from './messages-page.module.css'
import { idIn, statuses, verdicts } from './search.ts'

const verdictNames: Readonly<Record<(typeof verdicts)[number], string>> = {
  'would-refuse': 'would be refused',
  reject: 'rejected',
  hold: 'held',
  defer: 'deferred',
  relay: 'relayed',
}
const timeNames = [
  { value: '', label: 'any time' },
  { value: '1h', label: 'last hour' },
  { value: '24h', label: 'last 24 hours' },
  { value: '7d', label: 'last 7 days' },
  { value: '30d', label: 'last 30 days' },
]

/** A choice searches at once, a text with Enter. */
export function SearchForm() {
  const [search, setSearch] = useSearchParams()
  const navigate = useNavigate()
  const [sender, setSender] = useState(search.get('sender') ?? '')
  const [recipient, setRecipient] = useState(search.get('recipient') ?? '')
  const [id, setId] = useState('')
  const applications = useAsked('listApplications', {}, { everyMs: 300_000 })
  const names = applications.data?.applications.map(({ name }) => name) ?? []
  const checks = [...new Set(applications.data?.applications.flatMap((one) => Object.keys(one.checks)) ?? [])].sort()

  const find = (values: Readonly<Record<string, string>>): void =>
    setSearch((now) => {
      for (const [name, value] of Object.entries(values)) {
        if (value.trim() === '') now.delete(name)
        else now.set(name, value.trim())
      }
      return now
    })

  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault()
    const given = idIn(id)
    if (given) void navigate(`/messages/${given}`)
    else find({ sender, recipient })
  }

  const choice = (label: string, name: string, data: readonly (string | { readonly value: string; readonly label: string })[]) => (
    <NativeSelect
      label={label}
      value={search.get(name) ?? ''}
      data={[...data]}
      onChange={(event) => find({ [name]: event.currentTarget.value })}
    />
  )
  const any = { value: '', label: 'any' }

  return (
    <search>
      <form className={styles.form} onSubmit={submit}>
        <TextInput
          label="Sender"
          placeholder="a@example.com or @example.com"
          value={sender}
          onChange={(event) => setSender(event.currentTarget.value)}
        />
        <TextInput
          label="Recipient"
          placeholder="a@example.net"
          value={recipient}
          onChange={(event) => setRecipient(event.currentTarget.value)}
        />
        {choice('Application', 'application', [any, ...withValue(names, search.get('application'))])}
        {choice('Violated check', 'check', [any, ...withValue(checks, search.get('check'))])}
        {choice('Verdict', 'verdict', [any, ...verdicts.map((verdict) => ({ value: verdict, label: verdictNames[verdict] }))])}
        {choice('Status', 'status', [any, ...statuses])}
        {choice('Time', 'time', timeNames)}
        <TextInput
          label="Or a message’s id"
          placeholder="or its whole 250 reply"
          value={id}
          onChange={(event) => setId(event.currentTarget.value)}
        />
        <div className={styles.buttons}>
          <Button type="submit">Search</Button>
          {search.size > 0 && (
            <Button variant="default" onClick={() => setSearch({})}>
              Clear
            </Button>
          )}
        </div>
      </form>
    </search>
  )
}

/** The list has what is chosen even where it does not come of the policy. */
const withValue = (values: readonly string[], chosen: string | null): readonly string[] =>
  chosen && !values.includes(chosen) ? [...values, chosen] : values
