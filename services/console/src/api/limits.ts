/** How full the buckets of an application are. */
import { operations } from '@sallyport/contracts'
import type { FastifyInstance } from 'fastify'
import { limitsOf } from '../limits-view.ts'
import { currentPolicy } from './operations.ts'
import { serve } from './serve.ts'
import type { ApiPorts } from './server.ts'

export function limitRoutes(app: FastifyInstance, api: ApiPorts): void {
  serve(app, operations.getLimits, ({ query }) =>
    limitsOf(currentPolicy(api), api.limiter, { ...query, limit: query.limit ?? 100 }),
  )
}
