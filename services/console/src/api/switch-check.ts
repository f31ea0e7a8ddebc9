/** Switches one check of one application: the step from watching to enforcing, and back. */
import { operations, SallyportError } from '@sallyport/contracts'
import { knownChecks, type PolicyDocument, unregistered, validatePolicy } from '@sallyport/policy'
import type { FastifyInstance } from 'fastify'
import { changePolicy } from './policy.ts'
import { serve } from './serve.ts'
import type { ApiPorts, ApiSettings } from './server.ts'

export function switchRoutes(app: FastifyInstance, api: ApiPorts, settings: ApiSettings): void {
  serve(app, operations.switchCheck, (call) => {
    const { name, check } = call.params
    const { mode, reason } = call.body
    const document = switched(currentDocument(api), name, check, mode)
    const change = { text: JSON.stringify(document), reason, action: 'policy.switch', subject: `${name} ${check} ${mode}` } as const
    return changePolicy(api, settings, call, change)
  })
}

/** The document upon which If-Match is checked: the publisher's, which is the newest. */
function currentDocument({ publisher }: ApiPorts): PolicyDocument {
  const current = publisher.current()
  const checked = current && validatePolicy(current.document)
  if (checked?.ok) return checked.document
  throw new SallyportError('NOT_FOUND', 'there is no policy yet: apply one')
}

/** Fails with NOT_FOUND where there is no such application or check. */
export function switched(
  document: PolicyDocument,
  name: string,
  check: string,
  mode: 'off' | 'monitor' | 'enforce',
): PolicyDocument {
  if (!document.applications.some((application) => application.name === name)) {
    const why = name === unregistered ? 'it is only ever watched: register the systems behind it' : 'see GET /api/applications'
    throw new SallyportError('NOT_FOUND', `there is no application ${name} whose checks can be switched: ${why}`)
  }
  const named = [document.defaults?.checks, ...document.applications.map(({ checks }) => checks)].flatMap((checks) =>
    Object.keys(checks ?? {}),
  )
  if (![...knownChecks, ...named].includes(check)) throw new SallyportError('NOT_FOUND', `the policy names no check ${check}`)
  return {
    ...document,
    applications: document.applications.map((application) =>
      application.name === name
        ? { ...application, checks: { ...application.checks, [check]: { ...application.checks?.[check], mode } } }
        : application,
    ),
  }
}
