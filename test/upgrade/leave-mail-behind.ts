/** A gateway on one machine that is killed with mail in every state, for the next release to find. */
import { eventually, smtpSink } from '@sallyport/testkit'
import { api } from '../process/api.ts'
import { startCountingSink } from '../process/counting-sink.ts'
import { type GatewayProcess, startGatewayProcess } from '../process/gateway-process.ts'
import { type Load, startLoad } from '../process/load.ts'

/** Tokens of messages that were answered 250, by where they were left. */
export interface LeftBehind {
  /** At a next hop that hangs: jobs in hand, and jobs that wait for a connection. */
  readonly sending: readonly string[]
  /** Put off by a next hop. */
  readonly deferred: readonly string[]
  /** The turn of all but the first comes later. */
  readonly throttled: readonly string[]
  /** Accepted without a verdict. */
  readonly undecided: readonly string[]
  readonly held: readonly string[]
}

const applications = {
  sending: { address: '127.0.0.2', messages: 20, route: 'hangs' },
  deferred: { address: '127.0.0.3', messages: 8, route: 'defers' },
  throttled: { address: '127.0.0.4', messages: 3, route: 'hangs' },
  undecided: { address: '127.0.0.5', messages: 5, route: 'hangs' },
  held: { address: '127.0.0.6', messages: 4, route: 'hangs' },
} as const
type State = keyof typeof applications
const states = Object.keys(applications) as State[]
/** A folder may be kept for years before it is opened. */
const forEver = '36500d'

/** `nextHops`: ports on loopback, by route. */
export function upgradePolicy(nextHops: Readonly<Record<'hangs' | 'defers', number>>): object {
  const off = { domain: { mode: 'off' }, address: { mode: 'off' }, spam: { mode: 'off' }, throttle: { mode: 'off' } }
  const limits = [{ per: 'application', count: 'messages', rate: '12/m', burst: 1 }]
  const checks: Readonly<Record<State, object>> = {
    sending: { ...off, domain: { mode: 'monitor' } },
    deferred: { ...off, domain: { mode: 'monitor' } },
    throttled: { ...off, throttle: { mode: 'enforce', limits } },
    undecided: { ...off, domain: { mode: 'enforce' } },
    held: { ...off, domain: { mode: 'enforce', onFail: 'hold' } },
  }
  return {
    organization: { name: 'Example', domains: ['example.com'] },
    hold: { keep: forEver },
    applications: states.map((state) => ({
      name: state,
      owner: 'owner@example.com',
      from: { networks: [`${applications[state].address}/32`] },
      senders: { domains: ['example.com'] },
      route: applications[state].route,
      expiry: forEver,
      checks: checks[state],
    })),
    routes: Object.fromEntries(
      Object.entries({ ...nextHops, default: nextHops.hangs }).map(([name, port]) => [
        name,
        { smarthost: `127.0.0.1:${port}`, tls: 'off', connections: 4 },
      ]),
    ),
  }
}

/**
 * Runs the program of a checkout (default this one) on an empty folder: takes mail with every role, stops, takes mail that nobody
 * judges, and is killed.
 */
export async function leaveMailBehind(folder: string, checkout?: string): Promise<LeftBehind> {
  const hangs = await startCountingSink({ hangs: true })
  const defers = await smtpSink({ replies: { rcpt: '451 4.3.0 not now' } })
  const policy = upgradePolicy({ hangs: hangs.port, defers: defers.port })
  const left: Record<State, readonly string[]> = { sending: [], deferred: [], throttled: [], undecided: [], held: [] }
  let gateway: GatewayProcess | undefined
  const start = (settings: Readonly<Record<string, string>> = {}): Promise<GatewayProcess> =>
    startGatewayProcess({ folder, policy, settings, ...(checkout === undefined ? {} : { checkout }) })
  const take = async (state: State, running: GatewayProcess): Promise<void> => {
    const { address, messages } = applications[state]
    const load: Load = startLoad({
      port: () => running.port('smtp'),
      clients: 2,
      messages,
      localAddress: address,
      sender: state === 'held' ? 'app@elsewhere.example' : 'app@example.com',
      // Some are in the content store.
      bodyBytes: (index) => (index % 4 === 0 ? 100_000 : 500),
    })
    await load.ended
    left[state] = load.promised.map(({ token }) => token)
  }
  try {
    const first = await start()
    gateway = first
    for (const state of ['sending', 'deferred', 'throttled', 'held'] as const) await take(state, first)
    const deadlineMs = 60_000
    await eventually(() => defers.commands.filter((line) => line.startsWith('RCPT')).length >= left.deferred.length, { deadlineMs })
    await eventually(async () => (await api(first, 'GET', '/api/quarantine')).body.total === left.held.length, { deadlineMs })
    await first.stop()
    const second = await start({ roles: 'console,delivery,ingress', 'smtp.budgetMs': '500' })
    gateway = second
    await take('undecided', second)
    return left
  } finally {
    await gateway?.kill()
    await hangs.stop()
    await defers.stop()
  }
}
