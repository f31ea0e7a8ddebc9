import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GatewayReadiness } from './gateway-readiness.ts'

const ready = { ready: true, waitingFor: [] }

test('a role is not ready before it has started, nor while the gateway stops', () => {
  const readiness = new GatewayReadiness(['console', 'ingress'])
  assert.deepEqual(readiness.byRole(), {
    console: { ready: false, waitingFor: ['its start'] },
    ingress: { ready: false, waitingFor: ['its start'] },
  })
  readiness.started('console', { readiness: () => ready })
  assert.deepEqual(readiness.byRole(), { console: ready, ingress: { ready: false, waitingFor: ['its start'] } })
  readiness.started('ingress', { readiness: () => ready })
  assert.deepEqual(readiness.byRole(), { console: ready, ingress: ready })
  readiness.stopping()
  assert.deepEqual(
    Object.values(readiness.byRole()).map((role) => role.ready),
    [false, false],
  )
})
