/** The policy that holds, and every way to change it. */
import { operations, type PolicyApplied, type Problem, SallyportError } from '@sallyport/contracts'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { stringify } from 'yaml'
import type { PolicyChange, PolicyOutcome, PolicyPublisher } from '../policy-publisher.ts'
import { problem, sendProblem } from './problem.ts'
import { type Call, serve } from './serve.ts'
import type { ApiPorts, ApiSettings } from './server.ts'

const entityTag = (revision: number): string => `"${revision}"`

export function policyRoutes(app: FastifyInstance, { publisher }: ApiPorts, settings: ApiSettings): void {
  serve(app, operations.getPolicy, ({ request, reply }) => {
    const current = publisher.current()
    if (!current) throw new SallyportError('NOT_FOUND', 'there is no policy yet: apply one with If-Match: "0"')
    reply.header('etag', entityTag(current.revision)).header('vary', 'accept')
    if (!request.headers.accept?.includes('yaml')) return reply.type('application/json').send(JSON.stringify(current.document))
    return reply.type('application/yaml').send(stringify(current.document))
  })

  void app.register(async (scope) => {
    takesText(scope)
    serve(scope, operations.putPolicy, async ({ query, request, text, caller, reply }) => {
      const dryRun = query.dryRun ?? false
      const header = request.headers['if-match']
      const ifRevision = dryRun && header === undefined ? 'any' : revisionOf(header)
      const refused = refusal(settings, dryRun, ifRevision)
      if (refused) return sendProblem(reply, refused)
      const change = { text, author: caller.who, reason: query.reason ?? '', ifRevision: ifRevision ?? 'any', dryRun }
      const audit = { action: 'policy.apply', token: caller.token, scope: caller.scope } as const
      return answerChange(publisher, reply, dryRun, await publisher.publish({ ...change, audit }))
    })
  })
}

/** YAML or JSON, whatever the type says: the policy parser reads both, and names the line of a fault. */
export function takesText(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'string' }, (_, body, done) => done(null, body))
}

/** A change of the running document by the API, upon the revision that If-Match names. */
export async function changePolicy(
  { publisher }: Pick<ApiPorts, 'publisher'>,
  settings: ApiSettings,
  { caller, request, reply }: Pick<Call<typeof operations.rollbackPolicy>, 'caller' | 'request' | 'reply'>,
  change: Pick<PolicyChange, 'text' | 'reason'> & {
    readonly action: 'policy.switch' | 'policy.rollback'
    readonly subject: string
  },
): Promise<FastifyReply> {
  const ifRevision = revisionOf(request.headers['if-match'])
  const refused = refusal(settings, false, ifRevision)
  if (refused) return sendProblem(reply, refused)
  const { text, reason, action, subject } = change
  const audit = { action, subject, token: caller.token, scope: caller.scope }
  const outcome = await publisher.publish({ text, reason, author: caller.who, ifRevision: ifRevision ?? 'any', audit })
  return answerChange(publisher, reply, false, outcome)
}

function answerChange(publisher: PolicyPublisher, reply: FastifyReply, dryRun: boolean, outcome: PolicyOutcome): FastifyReply {
  switch (outcome.kind) {
    case 'published':
    case 'unchanged': {
      const { revision, warnings } = outcome
      const applied: PolicyApplied = { revision, changed: outcome.kind === 'published', dryRun, warnings: [...warnings] }
      return reply.header('etag', entityTag(publisher.current()?.revision ?? 0)).send(applied)
    }
    case 'conflict': {
      const { currentRevision } = outcome
      const detail = `the current revision is ${currentRevision}: look at it, and send your change again with If-Match: "${currentRevision}"`
      return sendProblem(reply, problem('POLICY_CONFLICT', detail, { currentRevision }))
    }
    case 'invalid': {
      const { faults, warnings } = outcome
      const detail = `${faults.length} fault${faults.length === 1 ? '' : 's'}: correct what "faults" names; nothing was changed`
      return sendProblem(reply, problem('POLICY_INVALID', detail, { faults: [...faults], warnings: [...warnings] }))
    }
  }
}

function refusal(
  { policySource, policyFile }: ApiSettings,
  dryRun: boolean,
  ifRevision: PolicyChange['ifRevision'] | undefined,
): Problem | undefined {
  if (policySource === 'file' && !dryRun) {
    const detail = `policySource is "file": change ${policyFile ?? 'the policy file'} instead, or set policySource to "api"`
    return problem('POLICY_FILE_IS_SOURCE', detail)
  }
  if (ifRevision !== undefined) return undefined
  return problem(
    'IF_MATCH_MISSING',
    'send If-Match with the ETag of GET /api/policy ("0" where there is none), so that no change of another is overwritten',
  )
}

/** The revision of an `If-Match`; undefined where it names none. */
function revisionOf(header: string | undefined): PolicyChange['ifRevision'] | undefined {
  if (header?.trim() === '*') return 'any'
  const digits = /^\s*"?(\d{1,15})"?\s*$/.exec(header ?? '')?.[1]
  return digits === undefined ? undefined : Number(digits)
}
