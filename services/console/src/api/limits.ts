/** `GET /api/limits`. */
import { type LimitsResponse, operations, SallyportError } from '@sallyport/contracts'
import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import { limitsOf } from '../limits-view.ts'
import type { ApiPorts } from './server.ts'

const { path, query: querySchema } = operations.getLimits

export function limitRoutes(app: FastifyInstance, { ports, limiter }: ApiPorts): void {
  app.get<{ Querystring: Static<typeof querySchema> }>(
    path,
    { schema: { querystring: querySchema } },
    async ({ query }): Promise<LimitsResponse> => limitsOf(currentPolicy(), limiter, { ...query, limit: query.limit ?? 100 }),
  )

  function currentPolicy() {
    try {
      return ports.policy.current()
    } catch {
      throw new SallyportError('NOT_FOUND', 'there is no policy yet: apply one')
    }
  }
}
