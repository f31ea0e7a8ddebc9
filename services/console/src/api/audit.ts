/** The audit log, to read. */
import { operations } from '@sallyport/contracts'
import type { FastifyInstance } from 'fastify'
import { serve } from './serve.ts'
import type { ApiPorts } from './server.ts'

export function auditRoutes(app: FastifyInstance, { audit }: ApiPorts): void {
  serve(app, operations.listAudit, ({ query }) => audit.page({ ...query, limit: query.limit ?? 100 }))
}
