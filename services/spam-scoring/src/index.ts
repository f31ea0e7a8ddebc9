/** The role `spam-scoring`: is the message spam, or built so badly that filters take it for spam? */
export { type EngineSettings, engineSettingsSchema } from './engines/engine-settings.ts'
export { type Engines, type EnginesAnswer, openEngines } from './engines/engines.ts'
export type { EngineMessage } from './engines/port.ts'
