/** Who asks, and the document of this API. */
import { operations } from '@sallyport/contracts'
import type { FastifyInstance } from 'fastify'
import { openApiDocument } from './openapi.ts'
import { serve } from './serve.ts'
import type { ApiPorts, ApiSettings } from './server.ts'

export function sessionRoutes(app: FastifyInstance, { ports }: ApiPorts, { policySource, publicUrl }: ApiSettings): void {
  serve(app, operations.getSession, ({ caller }) => ({
    name: caller.token,
    scope: caller.scope,
    organization: organizationName(ports.policy),
    policySource,
    publicUrl: publicUrl ?? null,
  }))

  const document = openApiDocument()
  serve(app, operations.getOpenApi, () => document)
}

function organizationName(policy: ApiPorts['ports']['policy']): string | null {
  try {
    return policy.current().document.organization.name
  } catch {
    return null
  }
}
