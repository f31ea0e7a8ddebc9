/** An operation that answers in pages: those that were asked for, and the next on demand. */
import { type InfiniteData, type UseInfiniteQueryResult, useInfiniteQuery } from '@tanstack/react-query'

interface Page {
  readonly next: string | null
}
export type Pages<P> = UseInfiniteQueryResult<InfiniteData<P>, Error>

/** `ask` gets what the page adds to the query: nothing for the first. Asked again every `everyMs`, where that is given. */
export function usePages<P extends Page>(
  key: readonly unknown[],
  ask: (page: { readonly cursor?: string }, signal: AbortSignal) => Promise<{ readonly body: P }>,
  { everyMs = false }: { readonly everyMs?: number | false } = {},
): Pages<P> {
  return useInfiniteQuery({
    queryKey: key,
    queryFn: async ({ pageParam, signal }) => (await ask(pageParam ? { cursor: pageParam } : {}, signal)).body,
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: everyMs,
  })
}
