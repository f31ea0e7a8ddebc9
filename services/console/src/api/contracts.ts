/** What the records on the topics are, for whoever writes a checker in another language. */
import { asyncapiText, operations } from '@sallyport/contracts'
import type { FastifyInstance } from 'fastify'
import { serve } from './serve.ts'

export function contractRoutes(app: FastifyInstance): void {
  let text: string | undefined
  serve(app, operations.getAsyncApi, ({ reply }) => {
    text ??= asyncapiText()
    return reply.type('application/json').send(text)
  })
}
