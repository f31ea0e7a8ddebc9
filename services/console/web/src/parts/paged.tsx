/** Rows that come in pages: what there is, why there is nothing, and more on demand. */
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Pages } from '../client/use-pages.ts'
import { count } from '../format/numbers.ts'
import { Loading, ProblemNotice } from './notices.tsx'
import { Panel } from './panel.tsx'

export function Paged<P, R>({
  found,
  rows,
  empty,
  children,
}: {
  readonly found: Pages<P>
  readonly rows: readonly R[]
  /** What is said where there is no row. */
  readonly empty: ReactNode
  readonly children: (rows: readonly R[]) => ReactNode
}) {
  return (
    <>
      {found.isError && <ProblemNotice error={found.error} again={found.refetch} />}
      {found.isPending && <Loading />}
      {found.data && rows.length === 0 && empty}
      {rows.length > 0 && children(rows)}
      {found.hasNextPage && (
        <Button variant="default" fullWidth onClick={() => void found.fetchNextPage()} loading={found.isFetchingNextPage}>
          More
        </Button>
      )}
    </>
  )
}

/** What a search found, the newest first. */
export function FoundPanel<P, R>({
  title,
  found,
  rowsOf,
  empty,
  children,
}: {
  readonly title: string
  readonly found: Pages<P>
  readonly rowsOf: (page: P) => readonly R[]
  readonly empty: ReactNode
  readonly children: (rows: readonly R[]) => ReactNode
}) {
  const rows = found.data?.pages.flatMap(rowsOf) ?? []
  return (
    <Panel
      title={title}
      note={found.data && `${count(rows.length)}${found.hasNextPage ? ' and more' : ''}, the newest first`}
      action={
        <Button size="xs" variant="default" onClick={() => void found.refetch()} loading={found.isRefetching}>
          Look again
        </Button>
      }
    >
      <Paged found={found} rows={rows} empty={empty}>
        {children}
      </Paged>
    </Panel>
  )
}
