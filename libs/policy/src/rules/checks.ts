/** Settings of checks: what an enforced check needs to mean anything, and what would never have an effect. */
import { applicationDefaults } from '../application-schema.ts'
import { closestWord } from '../closest-word.ts'
import type { Findings, Path } from '../fault.ts'
import { knownChecks } from '../known-checks.ts'
import { below, entries, isPresent, items, number, type Place, text } from '../place.ts'
import { quoted } from '../value-words.ts'
import { checkHasAddresses } from './applications.ts'

/** Settings that only one check reads. */
const settingsOf: Readonly<Record<string, string>> = { limits: 'throttle', plusAddressing: 'address', localPartCase: 'address' }

export function checkChecks(document: Place, findings: Findings): void {
  const general = below(document, 'defaults', 'checks')
  for (const [check, settings] of entries(general)) {
    checkSettings(check, settings, undefined, findings)
    checkBursts(settings, undefined, findings)
  }
  for (const application of items(below(document, 'applications'))) {
    const own = below(application, 'checks')
    for (const [check, settings] of entries(own)) {
      checkSettings(check, settings, below(general, check), findings)
      checkBursts(settings, application, findings)
    }
    const inherited = below(general, 'throttle')
    if (!isPresent(below(own, 'throttle', 'limits'))) checkInheritedBursts(inherited, application, findings)
    const address = below(isPresent(below(own, 'address')) ? own : general, 'address', 'mode')
    if (address.value === 'enforce') checkHasAddresses(application, findings)
  }
}

function checkSettings(check: string, settings: Place, general: Place | undefined, findings: Findings): void {
  const isKnown = knownChecks.some((known) => known === check)
  if (!isKnown) warnUnknown(check, settings.path, findings)
  const setting = (key: string): Place => {
    const own = below(settings, key)
    return isPresent(own) || general === undefined ? own : { value: below(general, key).value, path: own.path }
  }
  const mode = text(setting('mode'))
  const [holdAt, rejectAt] = [number(setting('holdAt')), number(setting('rejectAt'))]
  if (check === 'spam' && mode === 'enforce' && holdAt === undefined && rejectAt === undefined) {
    findings.fault(
      settings.path,
      'is enforced without a score to act on',
      'Add "holdAt:" and "rejectAt:", or set the mode to monitor',
    )
  }
  if (holdAt !== undefined && rejectAt !== undefined && holdAt > rejectAt) {
    const path = below(settings, isPresent(below(settings, 'holdAt')) ? 'holdAt' : 'rejectAt').path
    findings.fault(path, `holdAt (${holdAt}) is above rejectAt (${rejectAt}), so that nothing is ever held`, 'Swap the two')
  }
  const limits = setting('limits')
  if (check === 'throttle' && mode !== undefined && mode !== 'off' && (!isPresent(limits) || items(limits).length === 0)) {
    const isOther = isPresent(limits) && !Array.isArray(limits.value)
    if (!isOther)
      findings.fault(limits.path, 'is missing, so that the throttle limits nothing', 'Add a limit, or set the mode to off')
  }
  for (const [key, reader] of Object.entries(settingsOf)) {
    if (!isKnown || check === reader || !isPresent(below(settings, key))) continue
    findings.warn(
      [...settings.path, key],
      `has no effect: only the check ${quoted(reader)} reads it`,
      `Move it to "${reader}" or remove it`,
    )
  }
}

function warnUnknown(check: string, path: Path, findings: Findings): void {
  const meant = closestWord(check, knownChecks)
  const hint = meant === undefined ? `The gateway comes with ${knownChecks.join(', ')}` : `Did you mean ${quoted(meant)}?`
  findings.warn(path, `no check named ${quoted(check)} comes with the gateway; without one it is always unavailable`, hint)
}

/** Ingress answers 452 from recipient burst + 1 on, and a message above the burst is rejected: mostly not what was meant. */
function checkBursts(settings: Place, application: Place | undefined, findings: Findings): void {
  for (const { place, burst, key, counted } of narrowable(settings)) {
    const most = (application && number(below(application, key))) ?? applicationDefaults[key]
    // Below 1 it is a fault, and no message may be made as small.
    if (burst < 1 || burst >= most) continue
    findings.warn(
      [...place.path, 'burst'],
      `a message may have ${most} ${counted} (${key}), but the burst is ${burst}: larger messages are always rejected`,
      `Raise the burst to ${most}, or lower ${key} to ${burst}`,
    )
  }
}

/** An application that may send larger messages than others, under the limits of all: what others are warned of is said there. */
function checkInheritedBursts(general: Place, application: Place, findings: Findings): void {
  for (const { burst, key, counted } of narrowable(general)) {
    const most = number(below(application, key))
    if (most === undefined || burst >= most || burst < applicationDefaults[key]) continue
    findings.warn(
      [...application.path, key],
      `a message may have ${most} ${counted}, but the burst of a limit in defaults.checks.throttle is ${burst}: larger messages are always rejected`,
      `Lower ${key} to ${burst}, or give the application "limits:" of its own`,
    )
  }
}

/** The limits of what an application may have much of in one message. */
function* narrowable(settings: Place) {
  for (const place of items(below(settings, 'limits'))) {
    const burst = number(below(place, 'burst'))
    const counted = text(below(place, 'count'))
    if (burst === undefined || (counted !== 'recipients' && counted !== 'bytes')) continue
    const key = counted === 'recipients' ? ('maxRecipients' as const) : ('maxMessageBytes' as const)
    yield { place, burst, counted, key }
  }
}
