/** How applications are recognized: each network, AUTH user and certificate belongs to one of them. */
import { certificateKey } from '../compile.ts'
import { toALabel } from '../domain-name.ts'
import type { Findings, Path } from '../fault.ts'
import { isAnybody } from '../network.ts'
import { below, isPresent, items, type Place, text, texts } from '../place.ts'
import { quoted } from '../value-words.ts'
import { checkNetwork } from './names.ts'

export function checkClaims(document: Place, findings: Findings): void {
  const claims = { networks: new Map<string, Claim>(), users: new Map<string, Claim>(), certificates: new Map<string, Claim>() }
  for (const [index, application] of items(below(document, 'applications')).entries()) {
    const claimant = { index, name: text(below(application, 'name')) ?? `number ${index + 1}` }
    const from = below(application, 'from')
    checkHasAnyClaim(from, findings)
    for (const { text, path } of texts(below(from, 'networks'))) checkNetworkClaim(text, path, claimant, claims.networks, findings)
    for (const identity of items(below(from, 'auth'))) {
      const user = below(identity, 'user')
      const name = text(user)
      if (name !== undefined) claim(claims.users, name, `the user ${quoted(name)}`, user.path, claimant, findings)
    }
    for (const { text, path } of texts(below(from, 'certificates'))) {
      if (checkCertificate(text, path, findings)) {
        claim(claims.certificates, certificateKey(text), `the certificate ${quoted(text)}`, path, claimant, findings)
      }
    }
  }
}

interface Claim {
  readonly index: number
  readonly name: string
}

function checkHasAnyClaim(from: Place, findings: Findings): void {
  if (!isPresent(from) || typeof from.value !== 'object' || Array.isArray(from.value)) return
  const lists = ['networks', 'auth', 'certificates'].map((key) => below(from, key))
  if (lists.some((list) => isPresent(list) && (!Array.isArray(list.value) || list.value.length > 0))) return
  findings.fault(
    from.path,
    'names no network, no user and no certificate, so that nobody is this application',
    'Add "networks:" or "auth:"',
  )
}

function checkNetworkClaim(written: string, path: Path, claimant: Claim, claims: Map<string, Claim>, findings: Findings): void {
  const network = checkNetwork(written, path, findings)
  if (network === undefined) return
  if (isAnybody(network)) {
    const message = `${quoted(written)} stands for anybody on the Internet: the gateway would be an open relay`
    findings.fault(path, message, 'Use "auth:" for systems whose address is not known')
    return
  }
  claim(claims, network.text, `the network ${quoted(written)}`, path, claimant, findings)
}

function claim(claims: Map<string, Claim>, key: string, what: string, path: Path, claimant: Claim, findings: Findings): void {
  const earlier = claims.get(key)
  if (earlier === undefined) claims.set(key, claimant)
  else if (earlier.index === claimant.index) findings.warn(path, `${what} is named twice`, 'Remove one of the two')
  else
    findings.fault(
      path,
      `${what} already belongs to the application ${quoted(earlier.name)}`,
      'One system is one application: remove one of the two',
    )
}

function checkCertificate(written: string, path: Path, findings: Findings): boolean {
  const hex = written.replaceAll(':', '')
  if (/^[0-9a-fA-F]{64}$/.test(hex)) return true
  if (toALabel(written) !== undefined && written.includes('.')) return true
  findings.fault(path, `${quoted(written)} is neither a SHA-256 fingerprint nor a DNS name`, certificateHint(written, hex))
  return false
}

function certificateHint(written: string, hex: string): string {
  if (/^[0-9a-fA-F]{40}$/.test(hex)) return 'This is a SHA-1 fingerprint: use "openssl x509 -noout -fingerprint -sha256"'
  if (written.startsWith('*.')) return 'A wildcard would let in every certificate below the domain: name each one'
  if (/^(?:sha-?256)/i.test(written)) return 'Write the 64 hex digits alone'
  return 'Write 64 hex digits, with or without colons, or a name such as "billing.example.com"'
}
