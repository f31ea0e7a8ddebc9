/** The JSON API of the console: fastify, bearer tokens with scopes, problems as errors. */
import type { ContentStore } from '@sallyport/content'
import type { Ledger } from '@sallyport/ledger'
import type { Limiter } from '@sallyport/limiter'
import type { LateRecords } from '@sallyport/records'
import { httpRequests, type RolePorts } from '@sallyport/runtime'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { AuditLog } from '../audit-log.ts'
import type { LiveView } from '../live/live-view.ts'
import type { LogLevelBook } from '../log-level.ts'
import type { PolicyPublisher } from '../policy-publisher.ts'
import type { QuarantineView } from '../quarantine-view.ts'
import type { OrderBook } from '../queue/order-book.ts'
import type { QueueView } from '../queue/queue-view.ts'
import type { Callers } from '../tokens.ts'
import { allowedMethods } from './allowed-methods.ts'
import { applicationRoutes } from './applications.ts'
import { auditRoutes } from './audit.ts'
import { backupRoutes } from './backup.ts'
import { contentRoutes } from './content.ts'
import { contractRoutes } from './contracts.ts'
import { explainRoutes } from './explain.ts'
import { explanationPage } from './explanation-page.ts'
import { limitRoutes } from './limits.ts'
import { logLevelRoutes } from './log-level.ts'
import { messageRoutes } from './messages.ts'
import { operationRoutes } from './operations.ts'
import { overviewRoutes } from './overview.ts'
import { policyRoutes } from './policy.ts'
import { policyHistoryRoutes } from './policy-history.ts'
import { problem, problemOf, sendProblem } from './problem.ts'
import { quarantineRoutes } from './quarantine.ts'
import { queueRoutes } from './queue.ts'
import { sessionRoutes } from './session.ts'
import { statisticsRoutes } from './statistics.ts'
import { switchRoutes } from './switch-check.ts'

export interface ApiPorts {
  readonly ports: Pick<RolePorts, 'bus' | 'policy' | 'clock' | 'log' | 'metrics' | 'presence' | 'signer'>
  readonly records: LateRecords
  readonly limiter: Pick<Limiter, 'fill'>
  readonly content: ContentStore
  readonly ledger: Pick<Ledger, 'entries' | 'wasSplit'>
  readonly publisher: PolicyPublisher
  readonly quarantine: QuarantineView
  readonly queue: QueueView
  readonly orders: OrderBook
  readonly audit: AuditLog
  readonly live: LiveView
  readonly logLevel: LogLevelBook
}

export interface ApiSettings {
  readonly callerOf: Callers
  readonly policySource: 'api' | 'file'
  readonly policyFile: string | undefined
  readonly publicUrl: string | undefined
  readonly tracesUrl?: string | undefined
}

/** Room for a policy of 512 KiB with something to spare; what the policy itself allows is checked by the policy. */
const maxBodyBytes = 1024 * 1024
/** More than any path has: the schemas say what is too long. */
const maxParamLength = 16_384

export function createApi(api: ApiPorts, settings: ApiSettings): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: maxBodyBytes,
    return503OnClosing: true,
    forceCloseConnections: true,
    routerOptions: { maxParamLength },
  })
  app.decorateRequest('caller', null)
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.isPublic) return
    request.caller = settings.callerOf(request.headers.authorization, request.headers['x-author']) ?? null
    if (request.caller) {
      // Before its body is looked at: what it says does not matter.
      if (request.is404) await nothingThere(request, reply)
      return
    }
    const detail =
      'send "Authorization: Bearer <token>": the token is console.token, or in the file console-token of the data folder'
    await sendProblem(reply.header('www-authenticate', 'Bearer realm="sallyport"'), problem('UNAUTHORIZED', detail))
  })
  app.addHook('onSend', async (_, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
    reply.header('x-content-type-options', 'nosniff')
  })
  const answered = httpRequests(api.ports.metrics)
  app.addHook('onResponse', (request, reply, done) => {
    // Of what nothing answers the path is anybody's word.
    answered(request.method, request.routeOptions.url ?? '', reply.statusCode, reply.elapsedTime / 1000)
    done()
  })
  app.setNotFoundHandler(nothingThere)
  app.setErrorHandler<Error>((error, request, reply) => {
    const found = problemOf(error)
    if (found.status >= 500) api.ports.log.error({ err: error, method: request.method, url: request.url }, 'a request failed')
    return sendProblem(reply, found)
  })
  contractRoutes(app)
  sessionRoutes(app, api, settings)
  messageRoutes(app, api, settings)
  contentRoutes(app, api)
  statisticsRoutes(app, api)
  applicationRoutes(app, api)
  switchRoutes(app, api, settings)
  policyRoutes(app, api, settings)
  policyHistoryRoutes(app, api, settings)
  operationRoutes(app, api)
  limitRoutes(app, api)
  overviewRoutes(app, api)
  quarantineRoutes(app, api)
  queueRoutes(app, api)
  explainRoutes(app, api)
  auditRoutes(app, api)
  logLevelRoutes(app, api)
  backupRoutes(app, api)
  explanationPage(app, api)
  return app
}

function nothingThere(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split('?')[0] ?? ''
  const allowed = allowedMethods(path)
  if (allowed.length === 0)
    return sendProblem(reply, problem('NOT_FOUND', `there is no ${request.method} ${path}: /api/openapi.json has what there is`))
  reply.header('allow', allowed.join(', '))
  return sendProblem(reply, problem('METHOD_NOT_ALLOWED', `${path} takes ${allowed.join(', ')}, not ${request.method}`))
}
