/** What is shown where there is no page, or one that failed. */
import { Link, useRouteError } from 'react-router'
import { EmptyState, ProblemNotice } from '../parts/notices.tsx'

export function NotFound() {
  return (
    <EmptyState icon="search" title="There is no such page">
      <Link to="/">To the overview</Link>
    </EmptyState>
  )
}

export function PageFailed() {
  return <ProblemNotice error={useRouteError()} again={() => location.reload()} />
}
