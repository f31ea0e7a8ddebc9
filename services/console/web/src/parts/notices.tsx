/** What a page says where it has nothing to show: that it loads, that there is nothing yet, or that it failed; and what to do. */
import { Button, Loader } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ApiError } from '../client/request.ts'
import { Icon, type IconName } from './icon.tsx'
import styles from './notices.module.css'

export function EmptyState({
  icon,
  title,
  children,
}: {
  readonly icon: IconName
  readonly title: string
  readonly children: ReactNode
}) {
  return (
    <div className={styles.empty}>
      <span className={styles.picture}>
        <Icon name={icon} size={28} />
      </span>
      <h2>{title}</h2>
      <div className={styles.advice}>{children}</div>
    </div>
  )
}

/** A failed request: the title, and what the API says is to be done. Announced to screen readers. */
export function ProblemNotice({ error, again }: { readonly error: unknown; readonly again?: () => unknown }) {
  const isKnown = error instanceof ApiError
  const title = isKnown ? error.problem.title : 'The page failed'
  const detail = isKnown ? error.problem.detail : `${String(error)}. Load the page again; if it stays so, see the gateway's log.`
  return (
    <div role="alert" className={styles.problem}>
      <Icon name="warning" />
      <div>
        <strong>{title}</strong>
        <p>{detail}</p>
        {isKnown && error.problem.faults && <FaultList faults={error.problem.faults} />}
      </div>
      {again && (
        <Button size="xs" variant="default" onClick={() => again()}>
          Try again
        </Button>
      )}
    </div>
  )
}

export function FaultList({ faults }: { readonly faults: NonNullable<ApiError['problem']['faults']> }) {
  return (
    <ul className={styles.faults}>
      {faults.map((fault) => (
        <li key={`${fault.path} ${fault.message}`}>
          <code>{fault.line === undefined ? fault.path || '/' : `line ${fault.line}, ${fault.path}`}</code> {fault.message}
          {fault.hint && <span className={styles.hint}> {fault.hint}</span>}
        </li>
      ))}
    </ul>
  )
}

export function Loading() {
  return (
    <div className={styles.loading} role="status">
      <Loader size="sm" aria-hidden="true" /> Loading…
    </div>
  )
}

/** What a query gave, once it gave it. A failure beside older data is told above them. */
export function Loaded<T>({
  query,
  children,
}: {
  readonly query: UseQueryResult<T, Error>
  readonly children: (data: T) => ReactNode
}) {
  const failure = query.isError ? <ProblemNotice error={query.error} again={query.refetch} /> : null
  if (query.data === undefined) return failure ?? <Loading />
  return (
    <>
      {failure}
      {children(query.data)}
    </>
  )
}
