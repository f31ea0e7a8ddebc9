/** Fills in the defaults of an application, and makes the one under which mail of unregistered systems is counted. */
import type { Mode } from '@sallyport/contracts'
import { applicationDefaults } from './application-schema.ts'
import { type CompiledApplication, unregistered } from './compiled.ts'
import type { Application, CheckSettings, PolicyDocument } from './document.ts'
import { domainMatcher } from './domain-matcher.ts'
import { durationMs } from './duration.ts'
import { watchedByDefault } from './known-checks.ts'

/** The first domain of the organization, without the wildcard. */
export const mainDomain = (document: PolicyDocument): string => (document.organization.domains[0] ?? '').replace(/^\*\./, '')

/** An application with every default filled in. */
export function compileApplication(declared: Application, document: PolicyDocument): CompiledApplication {
  return compiled(declared, document, mergedChecks(declared, document))
}

/**
 * What stands for systems that no application names: the default checks, none above monitor, and the organization's sender
 * domains. Its owner is the postmaster of the first domain (RFC 5321 §4.5.1).
 */
export function unregisteredApplication(document: PolicyDocument): CompiledApplication {
  const declared: Application = { name: unregistered, owner: `postmaster@${mainDomain(document)}`, from: {} }
  const watched = [...mergedChecks(declared, document)].map(([check, settings]): [string, CheckSettings] => [
    check,
    settings.mode === 'enforce' ? { ...settings, mode: 'monitor' } : settings,
  ])
  return compiled(declared, document, new Map(watched))
}

function compiled(
  declared: Application,
  document: PolicyDocument,
  settings: ReadonlyMap<string, CheckSettings>,
): CompiledApplication {
  const mode = (check: string): Mode => settings.get(check)?.mode ?? 'off'
  const checks = [...settings.keys()].filter((check) => mode(check) !== 'off').sort()
  return {
    name: declared.name,
    owner: declared.owner,
    declared,
    retries: declared.retries ?? false,
    reply: declared.reply ?? 'after-verdict',
    whenUndecided: declared.whenUndecided ?? 'accept',
    lateReject: declared.lateReject ?? 'hold',
    maxUnsettled: declared.maxUnsettled ?? applicationDefaults.maxUnsettled,
    maxWaiting: declared.maxWaiting ?? applicationDefaults.maxWaiting,
    maxRecipients: declared.maxRecipients ?? applicationDefaults.maxRecipients,
    maxMessageBytes: declared.maxMessageBytes ?? applicationDefaults.maxMessageBytes,
    class: declared.class ?? 'normal',
    route: declared.route ?? 'default',
    expiryMs: durationMs(declared.expiry ?? applicationDefaults.expiry),
    checks,
    hasEnforcedCheck: checks.some((check) => mode(check) === 'enforce'),
    authorizedDomains: domainMatcher([...(declared.senders?.domains ?? []), ...document.organization.domains]),
    settings: (check) => settings.get(check) ?? { mode: 'off', ...settingsDefaults },
    mode,
  }
}

const settingsDefaults = { whenUnavailable: 'defer', onFail: 'reject' } as const

/** Every check that the policy names, and the two that are watched unless it says otherwise. */
function mergedChecks(declared: Application, document: PolicyDocument): Map<string, CheckSettings> {
  const general = document.defaults?.checks ?? {}
  const own = declared.checks ?? {}
  const merged = new Map<string, CheckSettings>()
  for (const check of new Set([...watchedByDefault, ...Object.keys(general), ...Object.keys(own)])) {
    const mode = watchedByDefault.includes(check) ? 'monitor' : 'off'
    const settings = { mode, ...settingsDefaults, ...general[check], ...own[check] } as const
    merged.set(check, check === 'address' ? { ...addressDefaults(document), ...settings } : settings)
  }
  return merged
}

const addressDefaults = (document: PolicyDocument) =>
  ({ plusAddressing: document.defaults?.plusAddressing ?? true, localPartCase: 'ignore' }) as const
