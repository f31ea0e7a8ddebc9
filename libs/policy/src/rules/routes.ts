/** Routes and directories: what other parts of the policy name, and what delivery and the address check will open. */
import { toALabel } from '../domain-name.ts'
import type { Findings, Path } from '../fault.ts'
import { parseAddress } from '../network.ts'
import { below, entries, isPresent, type Place, text, textOrTexts } from '../place.ts'
import { quoted } from '../value-words.ts'

export function checkRoutes(document: Place, findings: Findings): void {
  for (const [, route] of entries(below(document, 'routes'))) {
    const smarthost = below(route, 'smarthost')
    if (isPresent(smarthost)) checkSmarthostRoute(route, smarthost, findings)
    checkCapture(below(route, 'capture'), findings)
  }
  for (const [, directory] of entries(below(document, 'directories'))) checkDirectory(directory, findings)
}

function checkSmarthostRoute(route: Place, smarthost: Place, findings: Findings): void {
  for (const { text, path } of textOrTexts(smarthost)) checkSmarthost(text, path, findings)
  const secret = below(route, 'secret')
  const user = below(route, 'user')
  if (isPresent(user) && !isPresent(secret))
    findings.fault(secret.path, 'is missing beside "user"', 'Name the secret with the password')
  if (isPresent(secret) && !isPresent(user)) {
    findings.warn(secret.path, 'has no "user" beside it, so that the gateway does not log in', 'Add "user:"')
  }
  if (isPresent(secret) && below(route, 'tls').value === 'off') {
    findings.warn([...route.path, 'tls'], 'is off, so that the password is sent in the clear', 'Set it to required')
  }
}

function checkSmarthost(written: string, path: Path, findings: Findings): void {
  const [, bracketed, plain = '', port] = /^(?:\[([^\]]*)\]|([^[\]:]*)):([0-9]{1,5})$/.exec(written) ?? []
  if (port === undefined) {
    findings.fault(path, `${quoted(written)} is not host:port`, smarthostHint(written))
    return
  }
  if (Number(port) < 1 || Number(port) > 65_535)
    findings.fault(path, `${quoted(port)} is not a port`, 'Write a port from 1 to 65535')
  const isHost =
    bracketed === undefined ? toALabel(plain) !== undefined || isIpv4(plain) : bracketed.includes(':') && isAddress(bracketed)
  if (!isHost) findings.fault(path, `${quoted(bracketed ?? plain)} is not a host`, smarthostHint(written))
}

const isAddress = (host: string): boolean => parseAddress(host) !== undefined
const isIpv4 = (host: string): boolean => !host.includes(':') && isAddress(host)

function smarthostHint(written: string): string {
  if (/^[a-z]+:\/\//i.test(written)) return 'Write host and port alone: "mx.example.com:25"'
  if (isAddress(written) && written.includes(':')) return `Write IPv6 in brackets, with a port: "[${written}]:25"`
  if (toALabel(written) !== undefined || isIpv4(written)) return `Add the port: "${written}:25"`
  return 'Write "mx.example.com:25", "192.0.2.1:25" or "[2001:db8::1]:25"'
}

function checkCapture(capture: Place, findings: Findings): void {
  const hint = 'Write "capture: true" for the folder "captured", or the name of a folder below the data folder'
  if (capture.value === false) findings.fault(capture.path, 'is false, so that this route leads nowhere', hint)
  const folder = text(capture)
  if (folder === undefined) return
  const parts = folder.split(/[/\\]/)
  const leaves = /^[/\\]|^[A-Za-z]:/.test(folder) || parts.includes('..')
  if (leaves) findings.fault(capture.path, `${quoted(folder)} leads out of the data folder`, hint)
  else if (!/^[\w.-]+(?:\/[\w.-]+)*$/.test(folder) || parts.includes('.')) {
    findings.fault(capture.path, `${quoted(folder)} is not the name of a folder`, hint)
  }
}

function checkDirectory(directory: Place, findings: Findings): void {
  const file = below(directory, 'file')
  const name = text(file)
  if (name === undefined) return
  if (!/\.(?:txt|csv)$/i.test(name)) {
    findings.fault(file.path, `${quoted(name)} is neither .txt nor .csv`, 'Use a .txt file with an address a line, or a .csv file')
  } else if (/\.txt$/i.test(name) && isPresent(below(directory, 'column'))) {
    findings.fault([...directory.path, 'column'], 'a .txt file has no columns', 'Remove the key, or use a .csv file')
  }
}
