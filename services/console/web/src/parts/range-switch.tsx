/** How far back a page looks; it stands in the address, so that a link shows the same. */
import { SegmentedControl } from '@mantine/core'
import { useSearchParams } from 'react-router'
import { type RangeName, ranges } from './ranges.ts'

/** The range of the address, and `since` in whole minutes, so that the same question is not asked anew with every tick. */
export function useRange(fallback: RangeName = '7d'): { readonly range: RangeName; readonly since: number } {
  const [search] = useSearchParams()
  const range = ranges.find(({ name }) => name === search.get('range'))?.name ?? fallback
  const { ms } = ranges.find(({ name }) => name === range) ?? ranges[1]
  return { range, since: Math.floor(Date.now() / 60_000) * 60_000 - ms }
}

export function RangeSwitch({ value }: { readonly value: RangeName }) {
  const [, setSearch] = useSearchParams()
  return (
    <SegmentedControl
      aria-label="Time"
      size="xs"
      value={value}
      data={ranges.map(({ name, label }) => ({ value: name, label }))}
      onChange={(range) =>
        setSearch(
          (search) => {
            search.set('range', range)
            return search
          },
          { replace: true },
        )
      }
    />
  )
}
