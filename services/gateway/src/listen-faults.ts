/** Faults of addresses to listen on and of what they ask for, so that they are told with all others and before anything is opened. */
import { isAnybody, parseNetwork } from '@sallyport/policy'
import { type ConfigurationFault, isTree } from '@sallyport/runtime'
import { hostAndPortForm, parseHostAndPort } from './host-and-port.ts'

type Tree = Readonly<Record<string, unknown>>

const branch = (tree: Tree, name: string): Tree => {
  const value = tree[name]
  return isTree(value) ? value : {}
}

/** `tree` is what the sources say: what does not fit the schema is told by others. */
export function listenFaults(tree: Tree): readonly ConfigurationFault[] {
  const smtp = branch(tree, 'smtp')
  // One file for the processes of all roles: certificates and keys are where ingress is.
  const isIngress = !Array.isArray(tree.roles) || tree.roles.includes('ingress')
  return [
    ...(isIngress ? [...smtpFaults(smtp), ...proxyFaults(smtp)] : []),
    ...['console', 'health'].flatMap((name) => addressFaults(`${name}.listen`, branch(tree, name).listen)),
  ]
}

function smtpFaults(smtp: Tree): readonly ConfigurationFault[] {
  const { listen } = smtp
  if (typeof listen === 'string') return listen.split(',').flatMap((text) => addressFaults('smtp.listen', text.trim()))
  if (!Array.isArray(listen)) return []
  return listen.flatMap((entry: unknown, at) => {
    const path = `smtp.listen.${at}`
    if (!isTree(entry)) return addressFaults(path, entry)
    const { address, tls, proxy } = entry
    const faults = [...addressFaults(`${path}.address`, address)]
    if ((tls === 'implicit' || tls === 'starttls') && smtp.tls === undefined) {
      faults.push({
        path: `${path}.tls`,
        message: `is ${tls}, but there is no certificate`,
        hint: 'give smtp.tls.certificate and smtp.tls.key',
      })
    }
    if (proxy === true && smtp.proxy === undefined) {
      faults.push({
        path: `${path}.proxy`,
        message: 'requires PROXY headers, but nobody may send them',
        hint: 'name the load balancers in smtp.proxy.networks',
      })
    }
    return faults
  })
}

/** Who may send a PROXY header may claim any address, and so be any application that its network makes one. */
function proxyFaults(smtp: Tree): readonly ConfigurationFault[] {
  const { networks } = branch(smtp, 'proxy')
  if (!Array.isArray(networks)) return []
  const faults = networks.flatMap((text: unknown, at): readonly ConfigurationFault[] => {
    if (typeof text !== 'string') return []
    const path = `smtp.proxy.networks.${at}`
    const network = parseNetwork(text)
    if ('problem' in network) {
      const hint = `write ${network.meant ?? '10.0.0.10/32 or 2001:db8::/64'}`
      return [{ path, message: `"${text}" is not a network`, hint }]
    }
    if (!isAnybody(network)) return []
    return [
      { path, message: `${text} would make an open relay: anybody could claim any address`, hint: 'name only the load balancers' },
    ]
  })
  const { listen } = smtp
  const isRead = Array.isArray(listen) && listen.some((entry: unknown) => isTree(entry) && entry.proxy === true)
  if (isRead) return faults
  const hint =
    'write listen: [{ address: "…", proxy: true }]: else every client seems to come from the load balancer, as one application'
  return [...faults, { path: 'smtp.proxy', message: 'is given, but no entry of smtp.listen has proxy: true', hint }]
}

function addressFaults(path: string, text: unknown): readonly ConfigurationFault[] {
  if (typeof text !== 'string' || parseHostAndPort(text)) return []
  return [{ path, message: `"${text}" is not host:port`, hint: hostAndPortForm }]
}
