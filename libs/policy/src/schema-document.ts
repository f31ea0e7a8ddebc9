/** The published JSON Schema of the policy, for editors and for programs that write policies. */
import { policyDocumentSchema } from './document.ts'

/** The text of `docs/policy.schema.json` (JSON Schema, draft 2020-12). */
export function schemaDocument(): string {
  const head = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Sallyport policy',
    description:
      'What an organization declares about its outgoing mail. What the schema cannot say is checked when a policy is applied.',
  }
  return `${JSON.stringify({ ...head, ...policyDocumentSchema }, null, 2)}\n`
}
