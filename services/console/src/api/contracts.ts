/** `GET /api/asyncapi.json`: what the records on the topics are, for whoever writes a checker in another language. */
import { asyncapiText } from '@sallyport/contracts'
import type { FastifyInstance } from 'fastify'

export function contractRoutes(app: FastifyInstance): void {
  let text: string | undefined
  app.get('/api/asyncapi.json', async (_, reply) => {
    text ??= asyncapiText()
    return reply.type('application/json').send(text)
  })
}
