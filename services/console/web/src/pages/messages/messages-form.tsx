import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { useAsked } from '../../client/use-asked.ts'
import { SearchChoice, SearchForm, useSearch } from '../../parts/search-form.tsx'
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

export function MessagesForm() {
  const { search, find } = useSearch()
  const navigate = useNavigate()
  const [sender, setSender] = useState(search.get('sender') ?? '')
  const [recipient, setRecipient] = useState(search.get('recipient') ?? '')
  const [id, setId] = useState('')
  const applications = useAsked('listApplications', {}, { everyMs: 300_000 })
  const names = applications.data?.applications.map(({ name }) => name) ?? []
  const checks = [...new Set(applications.data?.applications.flatMap((one) => Object.keys(one.checks)) ?? [])].sort()
  const any = { value: '', label: 'any' }
  const verdictChoices = verdicts.map((verdict) => ({ value: verdict, label: verdictNames[verdict] }))

  function submit(): void {
    const given = idIn(id)
    if (given) void navigate(`/messages/${given}`)
    else find({ sender, recipient })
  }

  return (
    <SearchForm onSubmit={submit}>
      <TextInput
        label="Sender"
        placeholder="address or @domain"
        value={sender}
        onChange={(event) => setSender(event.currentTarget.value)}
      />
      <TextInput
        label="Recipient"
        placeholder="address or @domain"
        value={recipient}
        onChange={(event) => setRecipient(event.currentTarget.value)}
      />
      <SearchChoice label="Application" name="application" data={[any, ...withValue(names, search.get('application'))]} />
      <SearchChoice label="Violated check" name="check" data={[any, ...withValue(checks, search.get('check'))]} />
      <SearchChoice label="Verdict" name="verdict" data={[any, ...verdictChoices]} />
      <SearchChoice label="Status" name="status" data={[any, ...statuses]} />
      <SearchChoice label="Time" name="time" data={timeNames} />
      <TextInput
        label="Or a message’s id"
        placeholder="or its whole 250 reply"
        value={id}
        onChange={(event) => setId(event.currentTarget.value)}
      />
    </SearchForm>
  )
}

/** The list has what is chosen even where it does not come of the policy. */
const withValue = (values: readonly string[], chosen: string | null): readonly string[] =>
  chosen && !values.includes(chosen) ? [...values, chosen] : values
