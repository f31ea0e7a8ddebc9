/** Several engines asked at once, and their answers as one. */
import { SallyportError } from '@sallyport/contracts/basics'
import type { RolePorts } from '@sallyport/runtime'
import { inSpan, SpanKind } from '@sallyport/tracing'
import { engineAddress } from './address.ts'
import { clamdEngine } from './clamd.ts'
import { type AskedEngine, combine, type EnginesAnswer } from './combine.ts'
import { engineMetrics } from './engine-metrics.ts'
import type { EngineSettings } from './engine-settings.ts'
import { type GuardedEngine, guardedEngine } from './guarded-engine.ts'
import type { Engine, EngineMessage } from './port.ts'
import { rspamdEngine } from './rspamd.ts'
import { spamdEngine } from './spamd.ts'

export type { EnginesAnswer } from './combine.ts'

export interface Engines {
  /** Nothing is asked where there is none. */
  readonly count: number
  /**
   * All of them at once. `unavailable` where one that is required gave no answer, unless another found a virus. Fails where
   * the content could not be read, as the content store does.
   */
  ask(message: EngineMessage, signal: AbortSignal): Promise<EnginesAnswer>
  close(): Promise<void>
}

interface Asked {
  readonly engine: GuardedEngine
  readonly settings: EngineSettings
}

type EnginePorts = Pick<RolePorts, 'secrets' | 'clock' | 'metrics' | 'log'>

/** Fails with CONFIG_INVALID where an address is none, or two engines have one name. Connects to nobody yet. */
export function openEngines(list: readonly EngineSettings[], ports: EnginePorts): Engines {
  const asked: Asked[] = []
  const metrics = engineMetrics(ports.metrics, () => asked.map(({ engine }) => engine))
  for (const settings of list) {
    const name = settings.name ?? settings.kind
    if (asked.some(({ engine }) => engine.name === name)) {
      throw new SallyportError('CONFIG_INVALID', `two engines are called "${name}": give one of them another name`)
    }
    const changed = (state: 'open' | 'closed', lastFailure: string): void => {
      if (state === 'open') ports.log.warn({ engine: name, lastFailure }, 'an engine fails and is left alone for a while')
      else ports.log.info({ engine: name }, 'an engine answers again')
    }
    const engine = guardedEngine(openEngine(name, settings, ports), settings, { clock: ports.clock, metrics, changed })
    asked.push({ engine, settings })
  }

  return {
    count: asked.length,
    async ask(message, signal) {
      return combine(await Promise.all(asked.map((one) => askOne(one, message, signal))))
    },
    async close() {
      await Promise.all(asked.map(({ engine }) => engine.close()))
    },
  }
}

async function askOne({ engine, settings }: Asked, message: EngineMessage, signal: AbortSignal): Promise<AskedEngine> {
  const spanOptions = { kind: SpanKind.CLIENT, attributes: { 'mail.engine': engine.name } }
  const asked = inSpan(`ask ${settings.kind}`, spanOptions, () => engine.ask(message, signal))
  const [answer] = await Promise.allSettled([asked])
  return { name: engine.name, weight: settings.weight, isRequired: settings.required, answer }
}

function openEngine(name: string, settings: EngineSettings, { secrets }: EnginePorts): Engine {
  const address = engineAddress(settings.address)
  const { concurrency, infectedScore, secret } = settings
  switch (settings.kind) {
    case 'rspamd': {
      const password = secret === undefined ? undefined : { secrets, secret }
      return rspamdEngine({ name, address, concurrency, password, maxBytes: settings.maxBytes ?? 10 * 2 ** 20 })
    }
    case 'spamd':
      return spamdEngine({ name, address, maxBytes: settings.maxBytes ?? 2 ** 19 })
    case 'clamd':
      return clamdEngine({ name, address, infectedScore, maxBytes: settings.maxBytes ?? 100_000_000 })
  }
}
