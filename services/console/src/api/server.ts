/** The JSON API of the console: fastify, bearer token, problems as errors. */
import type { Limiter } from '@sallyport/limiter'
import type { Records } from '@sallyport/records'
import type { RolePorts } from '@sallyport/runtime'
import fastify, { type FastifyInstance } from 'fastify'
import type { PolicyPublisher } from '../policy-publisher.ts'
import type { QuarantineView } from '../quarantine-view.ts'
import { tokenCheck } from '../token.ts'
import { contractRoutes } from './contracts.ts'
import { limitRoutes } from './limits.ts'
import { messageRoutes } from './messages.ts'
import { operationRoutes } from './operations.ts'
import { policyRoutes } from './policy.ts'
import { problem, problemOf, sendProblem } from './problem.ts'
import { quarantineRoutes } from './quarantine.ts'

export interface ApiPorts {
  readonly ports: Pick<RolePorts, 'bus' | 'policy' | 'clock' | 'log' | 'presence'>
  readonly records: Records
  readonly limiter: Pick<Limiter, 'fill'>
  readonly publisher: PolicyPublisher
  readonly quarantine: QuarantineView
}

export interface ApiSettings {
  readonly token: string
  readonly policySource: 'api' | 'file'
  readonly policyFile: string | undefined
}

/** Room for a policy of 512 KiB with something to spare; what the policy itself allows is checked by the policy. */
const maxBodyBytes = 1024 * 1024

export function createApi(api: ApiPorts, settings: ApiSettings): FastifyInstance {
  const app = fastify({ logger: false, bodyLimit: maxBodyBytes, return503OnClosing: true, forceCloseConnections: 'idle' })
  const isAllowed = tokenCheck(settings.token)
  app.addHook('onRequest', async (request, reply) => {
    if (isAllowed(request.headers.authorization)) return
    const detail =
      'send "Authorization: Bearer <token>": the token is console.token, or in the file console-token of the data folder'
    await sendProblem(reply.header('www-authenticate', 'Bearer realm="sallyport"'), problem('UNAUTHORIZED', detail))
  })
  app.addHook('onSend', async (_, reply) => {
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff')
  })
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, problem('NOT_FOUND', `there is no ${request.method} ${request.url.split('?')[0]}`)),
  )
  app.setErrorHandler<Error>((error, request, reply) => {
    const found = problemOf(error)
    if (found.status >= 500) api.ports.log.error({ err: error, method: request.method, url: request.url }, 'a request failed')
    return sendProblem(reply, found)
  })
  contractRoutes(app)
  messageRoutes(app, api)
  policyRoutes(app, api, settings)
  operationRoutes(app, api)
  limitRoutes(app, api)
  quarantineRoutes(app, api)
  return app
}

/** Who asks, for the record: every holder of the token may name itself. */
export function authorOf(headers: Readonly<Record<string, unknown>>): string {
  const given = headers['x-author']
  return typeof given === 'string' && given.trim() !== '' ? given.trim().slice(0, 200) : 'api'
}
