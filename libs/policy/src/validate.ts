/** Checks a policy document as a whole: every fault at once, so that nobody has to try ten times. */
import { Compile } from 'typebox/compile'
import { type PolicyDocument, policyDocumentSchema } from './document.ts'
import { type CollectedFindings, collectFindings, type Fault, type Finding, jsonPointer } from './fault.ts'
import { checkApplications } from './rules/applications.ts'
import { checkChecks } from './rules/checks.ts'
import { checkClaims } from './rules/claims.ts'
import { checkOrganization } from './rules/organization.ts'
import { checkRoutes } from './rules/routes.ts'
import { checkSecrets } from './rules/secrets.ts'
import { checkStructure, type JsonSchema } from './structure.ts'

export type CheckedPolicy =
  | { readonly ok: true; readonly document: PolicyDocument; readonly warnings: readonly Fault[] }
  | { readonly ok: false; readonly faults: readonly Fault[]; readonly warnings: readonly Fault[] }

const compiled = Compile(policyDocumentSchema)
const schema: JsonSchema = JSON.parse(JSON.stringify(policyDocumentSchema))
const rules = [checkOrganization, checkApplications, checkClaims, checkChecks, checkRoutes, checkSecrets]

/** Checks a document that did not come as text, such as a record of the bus. Never throws. */
export function validatePolicy(value: unknown): CheckedPolicy {
  const { faults, warnings } = findingsOf(value)
  return checkedPolicy(value, faults.map(toFault), warnings.map(toFault))
}

/** Everything that is wrong or doubtful about a value that should be a policy document. */
export function findingsOf(value: unknown): CollectedFindings {
  const findings = collectFindings()
  checkStructure(schema, value, [], findings)
  for (const rule of rules) rule({ value, path: [] }, findings)
  if (findings.faults.length === 0 && !compiled.Check(value)) {
    const [error] = compiled.Errors(value)
    findings.fault(
      error?.instancePath.split('/').slice(1) ?? [],
      error?.message ?? 'does not fit the schema',
      'See docs/policy.schema.json',
    )
  }
  return findings
}

/** The result for a value and what was found about it. */
export function checkedPolicy(value: unknown, faults: readonly Fault[], warnings: readonly Fault[]): CheckedPolicy {
  return faults.length === 0 ? { ok: true, document: value as PolicyDocument, warnings } : { ok: false, faults, warnings }
}

const toFault = ({ path, message, hint }: Finding): Fault => ({ path: jsonPointer(path), message, hint })
