/** `GET` and `PUT /api/policy`, and its revisions. */
import { type PolicyApplied, type PolicyRevisions, type Problem, SallyportError } from '@sallyport/contracts'
import type { FastifyInstance, FastifyReply } from 'fastify'
import Type, { type Static } from 'typebox'
import { stringify } from 'yaml'
import type { PolicyChange } from '../policy-publisher.ts'
import { problem, sendProblem } from './problem.ts'
import { type ApiPorts, type ApiSettings, authorOf } from './server.ts'

const putQuerySchema = Type.Object(
  {
    dryRun: Type.Optional(Type.Boolean({ description: 'checks everything and changes nothing; needs no If-Match' })),
    reason: Type.Optional(Type.String({ maxLength: 1000 })),
  },
  { additionalProperties: false },
)

const entityTag = (revision: number): string => `"${revision}"`

export function policyRoutes(app: FastifyInstance, { publisher }: ApiPorts, settings: ApiSettings): void {
  app.get('/api/policy', async ({ headers }, reply) => {
    const current = publisher.current()
    if (!current) throw new SallyportError('NOT_FOUND', 'there is no policy yet: apply one with If-Match: "0"')
    reply.header('etag', entityTag(current.revision)).header('vary', 'accept')
    if (!headers.accept?.includes('yaml')) return current.document
    return reply.type('application/yaml').send(stringify(current.document))
  })

  app.get(
    '/api/policy/revisions',
    async (): Promise<PolicyRevisions> => ({
      revisions: publisher.revisions().map(({ revision, author, reason, at }) => ({ revision, author, reason, at })),
    }),
  )

  void app.register(async (scope) => {
    // YAML or JSON, whatever the type says: the policy parser reads both, and names the line of a fault.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_, body, done) => done(null, body))
    scope.put<{ Querystring: Static<typeof putQuerySchema> }>(
      '/api/policy',
      { schema: { querystring: putQuerySchema } },
      async ({ query, headers, body }, reply) => {
        const dryRun = query.dryRun ?? false
        const ifRevision = dryRun && headers['if-match'] === undefined ? 'any' : revisionOf(headers['if-match'])
        const refused = refusal(settings, dryRun, ifRevision)
        if (refused) return sendProblem(reply, refused)
        const text = typeof body === 'string' ? body : ''
        const change = { text, author: authorOf(headers), reason: query.reason ?? '', ifRevision: ifRevision ?? 'any', dryRun }
        return answer(reply, change, await publisher.publish(change))
      },
    )
  })

  async function answer(
    reply: FastifyReply,
    { dryRun = false }: PolicyChange,
    outcome: Awaited<ReturnType<typeof publisher.publish>>,
  ): Promise<FastifyReply> {
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
