/** Hostile messages of up to 100 MB are scored in bounded time and memory: all of them in one thread whose heap may grow to 40 MB. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'
import type { Outcome } from './hostile.cases.ts'

/** The thread ends with ERR_WORKER_OUT_OF_MEMORY beyond it. */
const resourceLimits = { maxOldGenerationSizeMb: 40, maxYoungGenerationSizeMb: 8 }
/** The first 512 KiB, and 256 KiB of structure with the line at its end. */
const maxKeptBytes = 524_288 + 262_144 + 1_026

test('hostile messages of up to 100 MB are scored within 40 MB', { timeout: 300_000 }, async () => {
  const thread = new Worker(new URL('./hostile.cases.ts', import.meta.url), { resourceLimits })
  let begun = 'nothing'
  const scored: string[] = []
  thread.on('message', (outcome: Outcome) => {
    begun = outcome.name
    if (outcome.scored === undefined) return
    scored.push(outcome.name)
    const { points, keptBytes } = outcome.scored
    assert.ok(points >= 0 && keptBytes <= maxKeptBytes, JSON.stringify(outcome))
  })
  await once(thread, 'exit').catch((error: unknown) => assert.fail(`${begun}: ${String(error)}`))
  assert.equal(scored.length, 12, `${begun} was begun, and these were scored: ${scored.join(', ')}`)
})
