/** A form whose fields stand in the address: a choice searches at once, a text with Enter. */
import { Button, NativeSelect } from '@mantine/core'
import type { ReactNode, SubmitEvent } from 'react'
import { useSearchParams } from 'react-router'
import styles from './search-form.module.css'

/** What the address says, and how fields change it: one that is empty leaves it. */
export function useSearch() {
  const [search, setSearch] = useSearchParams()
  const find = (values: Readonly<Record<string, string>>): void =>
    setSearch((now) => {
      for (const [name, value] of Object.entries(values)) {
        if (value.trim() === '') now.delete(name)
        else now.set(name, value.trim())
      }
      return now
    })
  return { search, find, clear: () => setSearch({}) }
}

export type Choices = readonly (string | { readonly value: string; readonly label: string })[]

export function SearchChoice({ label, name, data }: { readonly label: string; readonly name: string; readonly data: Choices }) {
  const { search, find } = useSearch()
  return (
    <NativeSelect
      label={label}
      value={search.get(name) ?? ''}
      data={[...data]}
      onChange={(event) => find({ [name]: event.currentTarget.value })}
    />
  )
}

export function SearchForm({ onSubmit, children }: { readonly onSubmit: () => void; readonly children: ReactNode }) {
  const { search, clear } = useSearch()
  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault()
    onSubmit()
  }
  return (
    <search>
      <form className={styles.form} onSubmit={submit}>
        {children}
        <div className={styles.buttons}>
          <Button type="submit">Search</Button>
          {search.size > 0 && (
            <Button variant="default" onClick={clear}>
              Clear
            </Button>
          )}
        </div>
      </form>
    </search>
  )
}
