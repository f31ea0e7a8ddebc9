/** An operation's answer, kept fresh. */
import type { Answered, operations } from '@sallyport/contracts'
import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useClient } from '../app/session.tsx'
import type { Asked, Question } from './request.ts'

type Body<N extends Asked> = Answered<(typeof operations)[N]>

/** Asked again every `everyMs`, 30 s unless said. While another question is asked the answer to the one before stands. */
export function useAsked<N extends Asked>(
  name: N,
  question: Question<N> = {},
  { everyMs = 30_000, isEnabled = true }: { readonly everyMs?: number; readonly isEnabled?: boolean } = {},
): UseQueryResult<Body<N>, Error> {
  const client = useClient()
  return useQuery({
    queryKey: [name, question],
    queryFn: async ({ signal }): Promise<Body<N>> => (await client.ask(name, { ...question, signal })).body,
    refetchInterval: everyMs,
    enabled: isEnabled,
    placeholderData: keepPreviousData,
  })
}
