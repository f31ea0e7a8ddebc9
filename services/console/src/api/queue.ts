/** The queue, and the orders about it. */
import { type Order, operations, type QueueOrder, SallyportError } from '@sallyport/contracts'
import type { FastifyInstance } from 'fastify'
import type { OrderDraft } from '../queue/order-book.ts'
import type { Caller } from '../tokens.ts'
import { unknownApplication, unknownName } from '../unknown-name.ts'
import { currentPolicy } from './operations.ts'
import { destinationsOf } from './queue-destinations.ts'
import { queuedPage } from './queued-page.ts'
import { BadRequest, serve } from './serve.ts'
import type { ApiPorts } from './server.ts'

const day = 86_400_000
/** Long enough for what waits outside of memory to be reached; then nothing of it is left to try. */
const retryForMs = 3_600_000
/** A message may wait as long as its expiry. */
const cancelForMs = 30 * day

export function queueRoutes(app: FastifyInstance, api: ApiPorts): void {
  const { ports, orders, queue, audit } = api

  serve(app, operations.getQueue, () => {
    const destinations = destinationsOf(api, currentPolicy(api))
    const now = ports.clock.now()
    const oldestAt = Math.min(now, ...destinations.flatMap(({ oldestAt }) => (oldestAt === null ? [] : [oldestAt])))
    return { destinations, orders: orders.standing().map(shown), messages: queue.size, oldestAgeMs: now - oldestAt }
  })

  serve(app, operations.listQueued, ({ query }) => queuedPage(api, { ...query, limit: query.limit ?? 100 }))

  serve(app, operations.pauseQueue, async ({ body, caller }) => {
    const { reason, forMs = day, ...match } = await known(api, about(body, 'destination or application'))
    return give(caller, { kind: 'pause', match, reason, by: caller.who, forMs })
  })

  serve(app, operations.retryQueue, async ({ body, caller }) => {
    const { reason, ...match } = await known(api, about(body))
    return give(caller, { kind: 'retry', match, reason, by: caller.who, forMs: retryForMs })
  })

  serve(app, operations.cancelQueue, async ({ body, caller }) => {
    const { reason, ...match } = await known(api, about(body))
    const acceptedUntil = ports.clock.now()
    return give(caller, { kind: 'cancel', match: { ...match, acceptedUntil }, reason, by: caller.who, forMs: cancelForMs })
  })

  serve(app, operations.resumeQueue, async ({ body, caller }) => {
    const { reason, ...match } = about(body)
    const paused = orders.standing().filter((order) => order.kind === 'pause' && isSame(order.match, match))
    if (paused.length === 0) {
      throw new SallyportError(
        'NOT_FOUND',
        `nothing pauses ${nameOf(match)}: "sallyport queue" and "orders" of GET /api/queue show what is paused`,
      )
    }
    for (const order of paused) await orders.end(order)
    // What was put back while it was paused goes at once.
    await orders.give({ kind: 'retry', match, reason, by: caller.who, forMs: retryForMs })
    const { who, token, scope } = caller
    const before = paused.map(shown)
    await audit.add({ who, token, scope, action: 'queue.resume', subject: nameOf(match), reason, before, after: null })
    return { ended: before }
  })

  async function give(
    { who, token, scope }: Caller,
    draft: OrderDraft & { readonly kind: 'pause' | 'retry' | 'cancel' },
  ): Promise<QueueOrder> {
    const order = shown(await orders.give(draft))
    const subject = nameOf(draft.match)
    await audit.add({ who, token, scope, action: `queue.${draft.kind}`, subject, reason: draft.reason, before: null, after: order })
    return order
  }
}

interface Match {
  readonly destination?: string | undefined
  readonly application?: string | undefined
  readonly message?: string | undefined
}

/** An order about everything would be a mistake. */
function about<B extends Match & { readonly reason: string }>(body: B, what = 'destination, application or message'): B {
  if (body.destination !== undefined || body.application !== undefined || body.message !== undefined) return body
  throw new BadRequest(`body: names nothing: give ${what}`)
}

/** A name that is mistyped would be an order about nothing. Whose mail still waits is known, also when the policy forgot it. */
async function known<B extends Match>(api: ApiPorts, body: B): Promise<B> {
  const { destination, application } = body
  const policy = currentPolicy(api)
  if (destination !== undefined) {
    const names = destinationsOf(api, policy).map((one) => one.destination)
    if (!names.includes(destination)) throw unknownName('destination', destination, names)
  }
  if (application !== undefined && !policy.application(application)) {
    const waits = Iterator.from(api.queue.all()).some((one) => one.application === application)
    const since = api.ports.clock.now() - cancelForMs
    const seen = waits ? [] : (await api.records.applications({ since })).applications.map((one) => one.application)
    if (!waits && !seen.includes(application)) throw unknownApplication(policy, application)
  }
  return body
}

const isSame = (one: Order['match'], other: Match): boolean =>
  one.destination === other.destination && one.application === other.application && one.message === other.message

const nameOf = ({ destination, application, message }: Match): string =>
  [destination && `destination ${destination}`, application && `application ${application}`, message].filter(Boolean).join(', ')

const shown = ({ orderId, kind, match, by, reason, at, expiresAt }: Order): QueueOrder => ({
  orderId,
  kind,
  destination: match.destination ?? null,
  application: match.application ?? null,
  message: match.message ?? null,
  by,
  reason,
  at,
  expiresAt,
})
