import { Button, NativeSelect, TextInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useSearchParams } from 'react-router'
import styles from './audit-page.module.css'
import { actionNames } from './audit-search.ts'

const actions = [{ value: '', label: 'anything' }, ...Object.entries(actionNames).map(([value, name]) => ({ value, label: name }))]
const times = [
  { value: '', label: 'any time' },
  { value: '24h', label: 'last 24 hours' },
  { value: '7d', label: 'last 7 days' },
  { value: '30d', label: 'last 30 days' },
  { value: '365d', label: 'last year' },
]

/** A choice searches at once, a text with Enter. */
export function AuditForm() {
  const [search, setSearch] = useSearchParams()
  const [who, setWho] = useState(search.get('who') ?? '')
  const [subject, setSubject] = useState(search.get('subject') ?? '')

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
    find({ who, subject })
  }

  return (
    <search>
      <form className={styles.form} onSubmit={submit}>
        <TextInput label="Who" placeholder="a name, whole" value={who} onChange={(event) => setWho(event.currentTarget.value)} />
        <NativeSelect
          label="Did what"
          value={search.get('action') ?? ''}
          data={actions}
          onChange={(event) => find({ action: event.currentTarget.value })}
        />
        <TextInput
          label="To what"
          placeholder="begins with…"
          value={subject}
          onChange={(event) => setSubject(event.currentTarget.value)}
        />
        <NativeSelect
          label="When"
          value={search.get('time') ?? ''}
          data={times}
          onChange={(event) => find({ time: event.currentTarget.value })}
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
