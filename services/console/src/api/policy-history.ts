/** What held before, what a change would change, and the way back. */
import { operations, type PolicyChangeLine, type PolicyRecord, SallyportError } from '@sallyport/contracts'
import { diffPolicy, parsePolicy, schemaDocument, validatePolicy } from '@sallyport/policy'
import type { FastifyInstance } from 'fastify'
import type { PolicyPublisher } from '../policy-publisher.ts'
import { changePolicy, takesText } from './policy.ts'
import { serve } from './serve.ts'
import type { ApiPorts, ApiSettings } from './server.ts'

export function policyHistoryRoutes(app: FastifyInstance, api: ApiPorts, settings: ApiSettings): void {
  const { publisher } = api

  serve(app, operations.listRevisions, () => ({
    revisions: publisher.revisions().map(({ revision, author, reason, at }) => ({ revision, author, reason, at })),
  }))

  serve(app, operations.getRevision, ({ params }) => {
    const { revision, author, reason, at, document } = kept(publisher, params.revision)
    return { revision, author, reason, at, document }
  })

  serve(app, operations.diffRevisions, ({ query }) => {
    const to = kept(publisher, query.to ?? publisher.current()?.revision ?? 0)
    return { from: query.from, to: to.revision, changes: changesBetween(kept(publisher, query.from), to) }
  })

  serve(app, operations.rollbackPolicy, (call) => {
    const { revision, reason } = call.body
    const { document } = kept(publisher, revision)
    const change = { text: JSON.stringify(document), reason, action: 'policy.rollback', subject: `revision ${revision}` } as const
    return changePolicy(api, settings, call, change)
  })

  const schema = JSON.parse(schemaDocument())
  serve(app, operations.getPolicySchema, () => schema)

  void app.register(async (scope) => {
    takesText(scope)
    serve(scope, operations.checkPolicy, ({ text }) => {
      const current = publisher.current()
      const checked = parsePolicy(text)
      const changes = checked.ok ? changesBetween(current, checked) : []
      return {
        valid: checked.ok,
        faults: checked.ok ? [] : [...checked.faults],
        warnings: [...checked.warnings],
        from: current?.revision ?? 0,
        changes,
      }
    })
  })
}

function kept(publisher: PolicyPublisher, revision: number): PolicyRecord {
  const found = publisher.revisions().find((one) => one.revision === revision)
  if (found) return found
  throw new SallyportError('NOT_FOUND', `revision ${revision} is not kept: see GET /api/policy/revisions for those that are`)
}

/** What a revision changes upon another; all of it where there is no other. */
export function changesBetween(
  before: Pick<PolicyRecord, 'document'> | undefined,
  after: Pick<PolicyRecord, 'document'>,
): PolicyChangeLine[] {
  const [old, young] = [before && validatePolicy(before.document), validatePolicy(after.document)]
  // Records of the bus were valid when they were published; another version may see them otherwise.
  if (!old?.ok || !young.ok) return [{ path: '/', kind: before ? 'changed' : 'added', after: after.document }]
  return [...diffPolicy(old.document, young.document)]
}
