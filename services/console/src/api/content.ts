/** The content of messages that the gateway still has: of one, and of all as an archive. */
import { Readable } from 'node:stream'
import { operations, SallyportError } from '@sallyport/contracts'
import type { FastifyInstance } from 'fastify'
import { acceptedMessage, contentOf } from '../queue/accepted-messages.ts'
import { exportArchive } from '../queue/export-archive.ts'
import { serve } from './serve.ts'
import type { ApiPorts } from './server.ts'

export function contentRoutes(app: FastifyInstance, api: ApiPorts): void {
  const { ports, content, ledger, quarantine, audit } = api
  const accepted = { bus: ports.bus, content, ledger, quarantine }

  serve(app, operations.getContent, async ({ params, caller, reply }) => {
    const id = params.id.toLowerCase()
    const found = await acceptedMessage(accepted, id)
    if (!found) {
      const advice = 'content is kept only while a message is held or waits for delivery'
      throw new SallyportError('NOT_FOUND', `the content of ${id} is not here: ${advice}`)
    }
    const { who, token, scope } = caller
    await audit.add({ who, token, scope, action: 'content.read', subject: id, reason: '', before: null, after: null })
    return reply
      .type('message/rfc822')
      .header('content-disposition', `attachment; filename="${id}.eml"`)
      .header('content-security-policy', "sandbox; default-src 'none'")
      .send(Readable.from(contentOf(content, found)))
  })

  serve(app, operations.exportQueue, async ({ caller, reply }) => {
    const { who, token, scope } = caller
    await audit.add({ who, token, scope, action: 'queue.export', subject: 'queue', reason: '', before: null, after: null })
    return reply
      .type('application/x-tar')
      .header('content-disposition', 'attachment; filename="sallyport-queue.tar"')
      .send(exportArchive(accepted, ports.log))
  })
}
