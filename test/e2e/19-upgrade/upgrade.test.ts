/** What an earlier release accepted and has not delivered, the present one delivers: every 250 is kept, whatever state its message was in. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import { eventually, temporaryFolder } from '@sallyport/testkit'
import { api } from '../../process/api.ts'
import { startCountingSink } from '../../process/counting-sink.ts'
import { startGatewayProcess } from '../../process/gateway-process.ts'
import { type LeftBehind, leaveMailBehind, upgradePolicy } from '../../upgrade/leave-mail-behind.ts'
import { checkOutPrevious, keptReleases, previousMissing, unpackRelease } from '../../upgrade/releases.ts'

const deadlineMs = 120_000

/** Starts the present program on a folder that was left behind, and audits every 250. */
async function takeOver(folder: string, left: LeftBehind): Promise<void> {
  const sink = await startCountingSink()
  const gateway = await startGatewayProcess({
    folder,
    policy: upgradePolicy({ hangs: sink.port, defers: sink.port }),
    settings: { policySource: 'file', 'delivery.tierMs.1m': '1000', 'delivery.tierMs.5m': '1000' },
  })
  try {
    const { held, ...others } = left
    for (const [state, tokens] of Object.entries(others)) {
      assert.ok(tokens.length > 0, state)
      const missing = (): readonly string[] => tokens.filter((token: string) => !sink.received.has(token))
      await eventually(() => missing().length === 0, { deadlineMs, what: `what was ${state} is delivered` }).catch(
        (error: Error) => {
          throw new Error(`${missing().length} of ${tokens.length} ${state} are missing: ${error.message}\n${gateway.log()}`)
        },
      )
    }
    assert.deepEqual(
      held.filter((token) => sink.received.has(token)),
      [],
      'what is held stays held',
    )
    const total = async (): Promise<number> => (await api(gateway, 'GET', '/api/quarantine')).body.total
    assert.equal(await total(), held.length)
    const release = { command: 'release', reason: 'after the upgrade', filter: { application: 'held' } }
    assert.equal((await api(gateway, 'POST', '/api/quarantine/bulk', { body: release })).status, 202)
    await eventually(() => held.every((token) => sink.received.has(token)), { deadlineMs, what: 'what was held is delivered' })
    await eventually(async () => (await total()) === 0, { deadlineMs })
    // Nothing had been delivered before: so nothing is in doubt.
    assert.deepEqual(
      [...sink.received.values()].filter((times) => times !== 1),
      [],
    )
    assert.equal(sink.received.size, Object.values(left).flat().length)
    assert.equal(await gateway.stop(), 0)
  } finally {
    await gateway.kill()
    await sink.stop()
  }
}

suite('an upgrade of the embedded form', () => {
  for (const version of keptReleases()) {
    test(`opens the folder that ${version} left with mail in flight`, { timeout: 600_000 }, async () => {
      using folder = temporaryFolder('sallyport-upgrade-')
      unpackRelease(version, folder.path)
      await takeOver(folder.path, JSON.parse(readFileSync(folder.join('left.json'), 'utf8')) as LeftBehind)
    })
  }

  test('takes over from the program of the release before', { skip: previousMissing(), timeout: 600_000 }, async () => {
    using place = temporaryFolder('sallyport-previous-')
    const checkout = place.join('checkout')
    checkOutPrevious(checkout)
    const folder = place.join('folder')
    await takeOver(folder, await leaveMailBehind(folder, checkout))
  })
})
