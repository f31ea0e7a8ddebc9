/** `GET /explain/{token}`: the one page that needs no token of the API, since its own cannot be guessed. */
import { explanationTokens } from '@sallyport/runtime'
import type { FastifyInstance } from 'fastify'
import { contentSecurityPolicy, type ExplanationContext, explanationHtml, missingHtml } from '../explanation/render.ts'
import type { ApiPorts } from './server.ts'

export function explanationPage(app: FastifyInstance, { ports, records }: ApiPorts): void {
  const tokens = explanationTokens(ports.signer)

  app.get<{ Params: { token: string } }>('/explain/:token', { config: { isPublic: true } }, async ({ params }, reply) => {
    const id = tokens.messageIdOf(params.token, ports.clock.now())
    const record = id === undefined ? undefined : await records.message(id)
    return reply
      .code(record ? 200 : 404)
      .type('text/html; charset=utf-8')
      .header('content-security-policy', contentSecurityPolicy)
      .header('referrer-policy', 'no-referrer')
      .header('x-robots-tag', 'noindex')
      .send(record ? explanationHtml(record, contextOf(record.application)) : missingHtml())
  })

  function contextOf(application: string): ExplanationContext {
    const policy = ports.policy.current()
    const { name, contact } = policy.document.organization
    return { organization: name, contact, owner: policy.application(application)?.owner || undefined }
  }
}
