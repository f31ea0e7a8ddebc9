/** Environment variables that look like settings and are none: nothing else would tell that they are ignored. */
import { closestWord } from '@sallyport/policy'
import type { TSchema } from 'typebox'
import { type ConfigurationFault, environmentName, everySetting, leafPaths } from './configuration.ts'

const prefix = 'SALLYPORT_'
/** Of the command line, and of who starts the program. */
const readByOthers = new Set(['URL', 'TOKEN', 'SMTP', 'CONFIG', 'INFRA_CACHE'])
/** Kubernetes tells every container of the Services around it, and Docker of linked containers: of `sallyport-smtp`, say. */
const serviceLink = /(?:^|_)(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)$/
const serviceAddress = /^(?:tcp|udp|sctp):\/\//

/**
 * The variables that begin with `SALLYPORT_` and that nothing reads, each with the one that may be meant. They are no reason not to start:
 * what surrounds a process sets variables that nobody chose, and other versions have other settings.
 */
export function unknownVariables(
  schema: TSchema,
  environment: Readonly<Record<string, string | undefined>>,
): readonly ConfigurationFault[] {
  const known = Array.from(leafPaths(schema).keys(), (path) => environmentName(path).slice(prefix.length))
  return Object.entries(environment).flatMap(([path, value]) => {
    const name = path.slice(prefix.length)
    if (!path.startsWith(prefix) || value === undefined || known.includes(name) || readByOthers.has(name)) return []
    if (serviceLink.test(name) || (/(?:^|_)PORT$/.test(name) && serviceAddress.test(value))) return []
    const meant = closestWord(name, known)
    const hint = meant === undefined ? everySetting : `did you mean ${prefix}${meant}?`
    return [{ path, message: 'is not a setting, and is ignored', hint }]
  })
}
