/** How much is logged, changed while everything runs. */
import { operations, roleOfCheck } from '@sallyport/contracts'
import type { FastifyInstance } from 'fastify'
import { unknownName } from '../unknown-name.ts'
import { serve } from './serve.ts'
import type { ApiPorts } from './server.ts'

const minuteMs = 60_000
const ourRoles = ['ingress', ...roleOfCheck.values(), 'verdict', 'delivery', 'console']

export function logLevelRoutes(app: FastifyInstance, { ports, logLevel, audit }: ApiPorts): void {
  serve(app, operations.getLogLevel, () => logLevel.current())

  serve(app, operations.setLogLevel, async ({ body, caller }) => {
    const { level, roles = [], minutes = 60, reason } = body
    const known = [...new Set([...ourRoles, ...(ports.presence?.processes() ?? []).flatMap((process) => process.roles)])].sort()
    for (const role of roles) if (!known.includes(role)) throw unknownName('role', role, known)
    const { who, token, scope } = caller
    const before = logLevel.current().change
    await logLevel.change({ level, roles, until: ports.clock.now() + minutes * minuteMs, by: who })
    const subject = roles.length === 0 ? 'every role' : roles.join(', ')
    const { change: after } = logLevel.current()
    await audit.add({ who, token, scope, action: 'log-level.change', subject: subject.slice(0, 200), reason, before, after })
    return logLevel.current()
  })
}
