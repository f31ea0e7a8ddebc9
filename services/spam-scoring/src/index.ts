/** The role `spam-scoring`: is the message spam, or built so badly that filters take it for spam? */
import { type CheckerPorts, startChecker } from '@sallyport/checker'
import type { RunningRole } from '@sallyport/runtime'
import { Value } from 'typebox/value'
import { spamChecker } from './check.ts'
import { type SpamScoringSettings, shippedModel, spamScoringSettingsSchema } from './config.ts'
import { openEngines } from './engines/engines.ts'
import { openScoringPool } from './pool/scoring-pool.ts'

export { type SpamScoringSettings, spamScoringSettingsSchema } from './config.ts'
export { engineAddressForm, parseEngineAddress } from './engines/address.ts'
export { type EngineSettings, engineSettingsSchema } from './engines/engine-settings.ts'
export { type Engines, type EnginesAnswer, openEngines } from './engines/engines.ts'
export type { EngineMessage } from './engines/port.ts'

/**
 * Resolves when the scoring threads have read the model and the group is joined. Fails with BUS_CLOSED, with MODEL_UNUSABLE, with
 * CONFIG_INVALID where an engine's address is none, or where a setting does not fit. That an engine is dead does not fail it.
 */
export async function startSpamScoring(ports: CheckerPorts, settings: Partial<SpamScoringSettings> = {}): Promise<RunningRole> {
  const {
    workers,
    scoreBytes,
    model,
    engines: list,
    ...rest
  } = Value.Parse(spamScoringSettingsSchema, Value.Default(spamScoringSettingsSchema, { ...settings }))
  const { log } = ports
  const engines = list.length > 0 ? openEngines(list, { ...ports, log }) : undefined
  const pool = await openScoringPool({ workers, modelPath: model ?? shippedModel }, { ...ports, log })
  const stop = async (): Promise<void> => {
    await pool.stop()
    await engines?.close()
  }
  try {
    const readiness = () => ({ ready: pool.ready > 0, waitingFor: pool.ready > 0 ? [] : ['a scoring thread'] })
    return await startChecker(spamChecker({ scorer: pool, engines, scoreBytes, readiness, stop }), ports, rest)
  } catch (error) {
    await stop()
    throw error
  }
}
