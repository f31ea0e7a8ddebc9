/** Runs the golden cases of a checker: `cases/NN-name.json` says what is to come out for the message `cases/NN-name.eml`. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type ContentRef, maxInlineBytes, newMessageId, type Reason, type Received } from '@sallyport/contracts'
import { toldReason } from '@sallyport/contracts/rules'
import { findHeaderEnd } from '@sallyport/mail'
import { type CompiledPolicy, compilePolicy, formatFault, validatePolicy } from '@sallyport/policy'
import { memoryContent, silentLogger } from '@sallyport/testkit'
import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import type { CheckerDefinition, CheckResult } from './definition.ts'
import { judgeMessage } from './judge-message.ts'

const strict = { additionalProperties: false } as const

const envelopeSchema = Type.Object(
  {
    sender: Type.String({ description: 'MAIL FROM without angle brackets' }),
    recipients: Type.Array(Type.String(), { minItems: 1 }),
    application: Type.String(),
    smtpUtf8: Type.Optional(Type.Boolean()),
  },
  strict,
)
type Envelope = Static<typeof envelopeSchema>

const caseSchema = Type.Object(
  {
    why: Type.String({ minLength: 10, description: 'why this case exists' }),
    policy: Type.Optional(Type.Unknown({ description: 'a merge patch (RFC 7396) to cases/policy.json' })),
    before: Type.Optional(
      Type.Array(envelopeSchema, { description: 'messages of the same content that the check judged before, whatever came out' }),
    ),
    envelope: envelopeSchema,
    expect: Type.Object(
      {
        outcome: Type.Enum(['pass', 'fail', 'unavailable']),
        rules: Type.Array(Type.String(), { description: 'of every reason, in order' }),
        evidence: Type.Optional(
          Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown()), { description: 'by rule: what must be in it' }),
        ),
      },
      strict,
    ),
  },
  strict,
)
export type GoldenCase = Static<typeof caseSchema>

export interface GoldenOptions {
  /** At least so many cases must be there. */
  readonly atLeast: number
  /** When every message was received, ms since the epoch. Default 0. */
  readonly receivedAt?: number
}

/**
 * Declares one test per case below `cases/` beside the `src` folder of `meta`. Line ends of an .eml that are bare LF (as git
 * likes them) become CRLF; a file that has a CRLF anywhere is taken byte for byte. `definition` may be made per policy, with
 * the folder of the cases.
 */
export function runCases(
  meta: ImportMeta,
  definition: CheckerDefinition | ((policy: CompiledPolicy, folder: string) => CheckerDefinition),
  { atLeast, receivedAt = 0 }: GoldenOptions,
): void {
  const folder = join(meta.dirname, '..', 'cases')
  const names = readdirSync(folder)
    .filter((name) => /^\d\d-.*\.json$/.test(name))
    .map((name) => name.slice(0, -'.json'.length))
    .sort()
  test('there are golden cases enough, each with its own number', () => {
    assert.ok(names.length >= atLeast, `${names.length} cases, at least ${atLeast} are wanted`)
    assert.equal(new Set(names.map((name) => name.slice(0, 2))).size, names.length)
  })
  const basis: unknown = JSON.parse(readFileSync(join(folder, 'policy.json'), 'utf8'))
  for (const name of names) {
    test(name, async () => {
      const golden = Value.Parse(caseSchema, JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')))
      const policy = policyOf(mergePatch(basis, golden.policy ?? {}))
      const made = typeof definition === 'function' ? definition(policy, folder) : definition
      const content = withCrlf(readFileSync(join(folder, `${name}.eml`)))
      try {
        const judged = (envelope: Envelope) => judge(made, policy, { envelope, content, receivedAt })
        for (const envelope of golden.before ?? []) await judged(envelope)
        expectResult(made.name, golden, await judged(golden.envelope))
      } finally {
        await made.stop?.()
      }
    })
  }
}

function policyOf(document: unknown): CompiledPolicy {
  const checked = validatePolicy(document)
  assert.ok(checked.ok, checked.ok ? '' : checked.faults.map(formatFault).join('\n'))
  return compilePolicy(checked.document, 1)
}

function expectResult(check: string, golden: GoldenCase, { outcome, reasons }: CheckResult): void {
  const found = { outcome, rules: reasons.map(({ rule }) => rule) }
  assert.deepEqual(found, { outcome: golden.expect.outcome, rules: golden.expect.rules }, golden.why)
  for (const reason of reasons) {
    assert.ok(reason.rule.startsWith(`${check}.`), `${reason.rule} begins with the name of the check`)
    const { text } = toldReason(reason)
    assert.ok(text.length > 10 && !text.includes(reason.rule), `${reason.rule} says what is wrong`)
  }
  const [first] = reasons
  if (outcome === 'fail') assert.ok(first && toldReason(first).fix, `${first?.rule} says how to fix it`)
  for (const [rule, wanted] of Object.entries(golden.expect.evidence ?? {})) {
    const evidence: Reason['evidence'] = reasons.find((reason) => reason.rule === rule)?.evidence
    for (const [key, value] of Object.entries(wanted)) assert.deepEqual(evidence?.[key], value, `evidence ${key} of ${rule}`)
  }
}

async function judge(
  definition: CheckerDefinition,
  policy: CompiledPolicy,
  { envelope, content, receivedAt }: { readonly envelope: Envelope; readonly content: Uint8Array; readonly receivedAt: number },
): Promise<CheckResult> {
  const failures: unknown[] = []
  const store = memoryContent()
  const id = newMessageId()
  const end = findHeaderEnd(content)
  const headerBytes = end < 0 ? content.byteLength : end
  const contentRef: ContentRef =
    content.byteLength <= maxInlineBytes
      ? { kind: 'inline', contentBytes: content.byteLength, headerBytes }
      : { kind: 'stored', ...(await store.put(id, content)), headerBytes }
  const received: Received = {
    v: 1,
    kind: 'received',
    message: {
      id,
      application: envelope.application,
      policyRevision: policy.revision,
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      receivedAt,
      client: { address: '192.0.2.1', helo: 'client.example.com' },
      sender: envelope.sender,
      smtpUtf8: envelope.smtpUtf8 ?? false,
      recipients: envelope.recipients.map((address, index) => ({ index, address })),
    },
    content: contentRef,
    checks: [definition.name],
    budgetMs: 20_000,
    annotateTo: { topic: 'mail.annotations', partition: 0 },
  }
  const result = await judgeMessage(
    {
      definition,
      content: store,
      clock: { now: () => 0, elapsed: () => 0 },
      log: silentLogger(),
      policies: { at: () => policy, stop: () => undefined },
      deadlines: { watch: () => () => undefined, stop: () => undefined },
      onFailure: (_, error) => failures.push(error),
    },
    received,
    contentRef.kind === 'inline' ? content : content.subarray(0, headerBytes),
    20_000,
  )
  if (failures.length > 0) throw failures[0]
  return result
}

function withCrlf(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1')
  return text.includes('\r\n') ? bytes : Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1')
}

/** RFC 7396. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else merged[key] = mergePatch(merged[key], value)
  }
  return merged
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
