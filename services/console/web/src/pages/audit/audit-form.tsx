import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { SearchChoice, SearchForm, useSearch } from '../../parts/search-form.tsx'
import { actionNames } from './audit-search.ts'

const actions = [{ value: '', label: 'anything' }, ...Object.entries(actionNames).map(([value, name]) => ({ value, label: name }))]
const times = [
  { value: '', label: 'any time' },
  { value: '24h', label: 'last 24 hours' },
  { value: '7d', label: 'last 7 days' },
  { value: '30d', label: 'last 30 days' },
  { value: '365d', label: 'last year' },
]

export function AuditForm() {
  const { search, find } = useSearch()
  const [who, setWho] = useState(search.get('who') ?? '')
  const [subject, setSubject] = useState(search.get('subject') ?? '')
  return (
    <SearchForm onSubmit={() => find({ who, subject })}>
      <TextInput label="Who" placeholder="begins with…" value={who} onChange={(event) => setWho(event.currentTarget.value)} />
      <SearchChoice label="Did what" name="action" data={actions} />
      <TextInput
        label="To what"
        placeholder="begins with…"
        value={subject}
        onChange={(event) => setSubject(event.currentTarget.value)}
      />
      <SearchChoice label="When" name="time" data={times} />
    </SearchForm>
  )
}
