/** What the policy would say to a client, and of a sender. */
import { isIP } from 'node:net'
import { operations, type PolicyExplanation } from '@sallyport/contracts'
import { parseMailbox } from '@sallyport/mail'
import type { CompiledApplication, CompiledPolicy } from '@sallyport/policy'
import type { FastifyInstance } from 'fastify'
import { addressAnswer } from '../explanation/address-answer.ts'
import { currentPolicy } from './operations.ts'
import { BadRequest, serve } from './serve.ts'
import type { ApiPorts } from './server.ts'

type Evidence = Parameters<CompiledPolicy['findApplication']>[0]
type CheckAnswer = Pick<PolicyExplanation['checks'][number], 'outcome' | 'text'>

export function explainRoutes(app: FastifyInstance, api: ApiPorts): void {
  serve(app, operations.explain, ({ query }): PolicyExplanation => {
    if (isIP(query.ip) === 0) throw new BadRequest('query ip: must be an IP address, such as 192.0.2.1')
    const policy = currentPolicy(api)
    const client = evidenceOf(query)
    const application = policy.findApplication(client)
    if (!application) {
      return { policyRevision: policy.revision, application: null, owner: null, recognizedBy: null, route: null, checks: [] }
    }
    return {
      policyRevision: policy.revision,
      application: application.name,
      owner: application.owner || null,
      recognizedBy: recognizedBy(policy, client, application),
      route: application.route,
      checks: application.checks.map((check) => ({
        check,
        mode: application.mode(check),
        ...answerOf(check, application, query.sender),
      })),
    }
  })
}

interface Query {
  readonly ip: string
  readonly auth?: string | undefined
  readonly certificate?: string | undefined
}

function evidenceOf({ ip, auth, certificate }: Query): Evidence {
  return {
    address: ip,
    ...(auth === undefined ? {} : { authIdentity: auth }),
    ...(certificate === undefined
      ? {}
      : { certificate: { fingerprint: certificate.replaceAll(':', '').toLowerCase(), names: [certificate] } }),
  }
}

/** AUTH before certificate before network: the strongest that finds the application by itself. */
function recognizedBy(policy: CompiledPolicy, client: Evidence, { name }: CompiledApplication): PolicyExplanation['recognizedBy'] {
  if (name === 'unregistered') return 'unregistered'
  const nowhere = { address: '' }
  const { authIdentity, certificate } = client
  if (authIdentity !== undefined && policy.findApplication({ ...nowhere, authIdentity })?.name === name) return 'auth'
  if (certificate && policy.findApplication({ ...nowhere, certificate })?.name === name) return 'certificate'
  return 'network'
}

function answerOf(check: string, application: CompiledApplication, sender: string | undefined): CheckAnswer {
  if (check !== 'domain' && check !== 'address') return { outcome: 'unknown', text: 'it depends on the message' }
  if (sender === undefined) return { outcome: 'unknown', text: 'give a sender to see what it says of it' }
  if (sender === '') {
    const isAllowed = application.declared.senders?.nullSender ?? true
    return isAllowed
      ? { outcome: 'pass', text: 'it may send with the null sender; From is judged instead' }
      : { outcome: 'fail', text: 'it may not send with the null sender (senders.nullSender)' }
  }
  const mailbox = parseMailbox(sender)
  if (!mailbox.ok) return { outcome: 'fail', text: `${sender} is no address` }
  return check === 'domain' ? domainAnswer(application, mailbox.aDomain) : addressAnswer(application, mailbox)
}

function domainAnswer({ authorizedDomains, name }: CompiledApplication, domain: string): CheckAnswer {
  return authorizedDomains.matches(domain) === undefined
    ? { outcome: 'fail', text: `${domain} is none of the sender domains of the organization or of ${name}` }
    : { outcome: 'pass', text: `${domain} is authorized` }
}
