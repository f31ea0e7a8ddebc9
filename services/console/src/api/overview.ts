/** Live rates, what is wrong now, and the stream of events. */
import { type Overview, operations } from '@sallyport/contracts'
import type { CompiledPolicy } from '@sallyport/policy'
import type { FastifyInstance } from 'fastify'
import { consoleGroupIfAny } from '../event-intake.ts'
import { eventStream } from './event-stream.ts'
import { lagByRole } from './operations.ts'
import { problemsNow } from './problems-now.ts'
import { destinationsOf } from './queue-destinations.ts'
import { roleReaders } from './readers.ts'
import { rolesOf } from './roles.ts'
import { serve } from './serve.ts'
import type { ApiPorts } from './server.ts'

const overviewMs = 2_000
const maxStreams = 100
/** In the order of the mail. */
const flow = ['ingress', 'domain-check', 'address-check', 'spam-scoring', 'throttle', 'verdict', 'delivery', 'console']

export function overviewRoutes(app: FastifyInstance, api: ApiPorts): void {
  const { live, ports } = api
  const streams = new Set<() => void>()
  let made: { readonly at: number; readonly overview: Promise<Overview> } | undefined

  /** One for all who look at the same time. */
  function overview(): Promise<Overview> {
    const at = ports.clock.elapsed()
    if (!made || at - made.at >= overviewMs / 2) {
      const making = makeOverview(api)
      made = { at, overview: making }
      making.catch(() => {
        made = undefined
      })
    }
    return made.overview
  }

  serve(app, operations.getOverview, () => overview())

  serve(app, operations.streamEvents, ({ query, reply }) => {
    reply.hijack()
    const stream = eventStream(reply.raw, () => {
      stopListening()
      clearInterval(timer)
      streams.delete(stream.end)
    })
    const stopListening = live.listen(query.application, (event) => stream.send('mail', event))
    const tell = (): void => {
      overview().then(
        (now) => stream.send('overview', now),
        (err: unknown) => ports.log.debug({ err }, 'no overview could be made'),
      )
    }
    const timer = setInterval(tell, overviewMs)
    timer.unref()
    streams.add(stream.end)
    // The reader that has been there longest connects again by itself.
    if (streams.size > maxStreams) streams.values().next().value?.()
    tell()
    return reply
  })

  app.addHook('preClose', async () => {
    for (const end of streams) end()
  })
}

async function makeOverview(api: ApiPorts): Promise<Overview> {
  const { ports, quarantine, live, queue } = api
  const policy = policyIfAny(api)
  const now = ports.clock.now()
  const perSecond = live.perSecond()
  const destinations = policy ? destinationsOf(api, policy) : []
  const { stages, missing } = policy ? await stagesOf(api, policy) : { stages: [], missing: [] }
  const oldestAt = Math.min(now, ...destinations.flatMap(({ oldestAt }) => (oldestAt === null ? [] : [oldestAt])))
  return {
    at: now,
    policyRevision: policy?.revision ?? null,
    rates: perSecond,
    stages,
    queue: { messages: queue.size, oldestAgeMs: now - oldestAt },
    held: quarantine.size,
    problems: policy
      ? problemsNow({ missing, destinations, rates: perSecond, stages, now, recordsTrouble: api.records.trouble?.() })
      : [
          {
            code: 'no-policy',
            severity: 'error',
            text: 'there is no policy yet: no mail is taken',
            advice: 'Apply one on the page Policy',
          },
        ],
  }
}

async function stagesOf(api: ApiPorts, policy: CompiledPolicy) {
  const readers = roleReaders(policy, consoleGroupIfAny(api.records))
  const lags = await lagByRole(api, readers)
  const { roles, missing } = rolesOf(policy, api.ports.presence?.processes() ?? [], readers, (role) => lags.get(role) ?? none)
  const place = (role: string): number => (flow.includes(role) ? flow.indexOf(role) : flow.indexOf('verdict') - 0.5)
  const stages = roles
    .map(({ role, processes, records, oldestAgeMs }) => ({ role, processes, waiting: records, oldestAgeMs }))
    .sort((left, right) => place(left.role) - place(right.role))
  return { stages, missing }
}

const none = { records: 0, oldestAgeMs: 0 }

function policyIfAny({ ports }: ApiPorts): CompiledPolicy | undefined {
  try {
    return ports.policy.current()
  } catch {
    return undefined
  }
}
