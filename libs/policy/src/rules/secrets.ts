/** Secrets stand in the policy by name only: literals are refused, and not repeated in the fault. */
import type { Findings, Path } from '../fault.ts'
import { below, entries, items, type Place } from '../place.ts'

export const secretHint = 'Put it into a file of the secrets folder and name the file: "secret: <name>"'

/** True for keys under which people write passwords, hashes and tokens themselves. */
export const isLiteralSecretKey = (key: string): boolean =>
  /^(?:pass(?:wd|word|phrase)?|pw|hash|token|credentials?|private-?key|api-?key|secret-?(?:value|hash))$/i.test(key)

const secretName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/
/** What looks random and long is no name: 32 or more hex digits, or 40 or more letters, digits and signs without a separator. */
const looksLikeKey = /^(?:[0-9a-fA-F]{32,}|[A-Za-z0-9+/]{40,}={0,2})$/

export function checkSecrets(document: Place, findings: Findings): void {
  for (const application of items(below(document, 'applications'))) {
    for (const identity of items(below(application, 'from', 'auth'))) checkSecret(below(identity, 'secret'), findings)
  }
  for (const [, route] of entries(below(document, 'routes'))) checkSecret(below(route, 'secret'), findings)
}

function checkSecret({ value, path }: Place, findings: Findings): void {
  if (typeof value !== 'string') return
  const problem = literalProblem(value)
  if (problem !== undefined) findings.fault(path as Path, problem, secretHint)
}

function literalProblem(value: string): string | undefined {
  if (/^\$|^\{[A-Za-z0-9-]+\}/.test(value)) return 'is a password hash, not the name of a secret'
  if (looksLikeKey.test(value)) return 'looks like a secret itself, not like the name of one'
  return secretName.test(value) ? undefined : 'is not the name of a secret: letters, digits, dot, dash and underscore make one'
}
