/** Makes a valid policy document ready for questions. */
import { compileApplication, mainDomain, unregisteredApplication } from './compile-application.ts'
import { type ClientEvidence, type CompiledApplication, type CompiledPolicy, unregistered } from './compiled.ts'
import { documentDefaults, type PolicyDocument, type Route } from './document.ts'
import { durationMs } from './duration.ts'
import { parseAddress, parseNetwork } from './network.ts'
import { type NetworkTrie, networkTrie } from './network-trie.ts'

/**
 * Compiles a document that `validatePolicy` accepted. Where two applications claim the same evidence, which validation
 * refuses, the first keeps it. Never throws for a valid document.
 */
export function compilePolicy(document: PolicyDocument, revision: number): CompiledPolicy {
  const applications = new Map(document.applications.map((declared) => [declared.name, compileApplication(declared, document)]))
  const stranger = document.unregistered?.mode === 'monitor' ? unregisteredApplication(document) : undefined
  const networks = applicationNetworks(applications)
  const ownNetworks = networkTrie<true>()
  addNetworks(ownNetworks, document.organization.networks, true)
  const { users, certificates } = credentials(applications)
  const routes = new Map<string, Route>(Object.entries(document.routes))

  function findByNetwork(address: string): CompiledApplication | undefined {
    const bytes = parseAddress(address)
    if (bytes === undefined) return undefined
    return networks.find(bytes) ?? (stranger !== undefined && ownNetworks.find(bytes) ? stranger : undefined)
  }

  function findByCertificate(certificate: ClientEvidence['certificate']): CompiledApplication | undefined {
    if (certificate === undefined || certificates.size === 0) return undefined
    const byFingerprint = certificates.get(certificate.fingerprint)
    if (byFingerprint !== undefined) return byFingerprint
    for (const name of certificate.names) {
      const byName = certificates.get(name.toLowerCase())
      if (byName !== undefined) return byName
    }
    return undefined
  }

  return {
    revision,
    document,
    findApplication(client) {
      const byUser = client.authIdentity === undefined ? undefined : users.get(client.authIdentity)?.application
      return byUser ?? findByCertificate(client.certificate) ?? findByNetwork(client.address)
    },
    application: (name) => (name === unregistered ? stranger : applications.get(name)),
    authSecret: (user) => users.get(user)?.secret,
    route: (name) => routes.get(name),
    holdMs: durationMs(document.hold?.keep ?? documentDefaults.holdKeep),
    onHoldExpiry: document.hold?.onExpiry ?? documentDefaults.holdOnExpiry,
    bouncesPerHour: document.bounces?.perHour ?? documentDefaults.bouncesPerHour,
    bounceFrom: document.bounces?.from ?? `MAILER-DAEMON@${mainDomain(document)}`,
  }
}

/** A fingerprint without colons, or a DNS name: lower case. */
export const certificateKey = (written: string): string => written.replaceAll(':', '').toLowerCase()

function applicationNetworks(applications: ReadonlyMap<string, CompiledApplication>): NetworkTrie<CompiledApplication> {
  const networks = networkTrie<CompiledApplication>()
  for (const application of applications.values()) addNetworks(networks, application.declared.from.networks, application)
  return networks
}

function addNetworks<T>(trie: NetworkTrie<T>, networks: readonly string[] | undefined, value: T): void {
  for (const text of networks ?? []) {
    const network = parseNetwork(text)
    if (!('problem' in network)) trie.add(network, value)
  }
}

interface User {
  readonly application: CompiledApplication
  readonly secret: string
}

function credentials(applications: ReadonlyMap<string, CompiledApplication>) {
  const users = new Map<string, User>()
  const certificates = new Map<string, CompiledApplication>()
  for (const application of applications.values()) {
    const { auth = [], certificates: claimed = [] } = application.declared.from
    for (const { user, secret } of auth) if (!users.has(user)) users.set(user, { application, secret })
    for (const written of claimed) {
      const key = certificateKey(written)
      if (!certificates.has(key)) certificates.set(key, application)
    }
  }
  return { users, certificates }
}
