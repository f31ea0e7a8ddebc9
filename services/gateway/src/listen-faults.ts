/** Faults of addresses, and of what those to listen on ask for, so that they are told with all others and before anything is opened. */
import { isAnybody, parseNetwork } from '@sallyport/policy'
import { type ConfigurationFault, isTree } from '@sallyport/runtime'
import { engineAddressForm, parseEngineAddress } from '@sallyport/spam-scoring'
import { hostAndPortForm, parseHostAndPort } from './host-and-port.ts'
import { readListeners } from './ingress-listeners.ts'

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
    ...(isIngress ? [...readListeners(smtp).faults, ...proxyFaults(smtp)] : []),
    ...['console', 'health'].flatMap((name) => addressFaults(`${name}.listen`, branch(tree, name).listen)),
    ...engineFaults(branch(tree, 'spamScoring').engines),
    ...addressFaults('redis.address', branch(tree, 'redis').address, 'write redis.example.com:6379'),
    ...addressFaults(
      'records.postgres.address',
      branch(branch(tree, 'records'), 'postgres').address,
      'write postgres.example.com:5432',
    ),
  ]
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

function engineFaults(engines: unknown): readonly ConfigurationFault[] {
  if (!Array.isArray(engines)) return []
  return engines.flatMap((engine: unknown, at): readonly ConfigurationFault[] => {
    const address = isTree(engine) ? engine.address : undefined
    if (typeof address !== 'string' || parseEngineAddress(address)) return []
    const path = `spamScoring.engines.${at}.address`
    return [{ path, message: `"${address}" is no address of an engine`, hint: engineAddressForm }]
  })
}

function addressFaults(path: string, text: unknown, hint = hostAndPortForm): readonly ConfigurationFault[] {
  if (typeof text !== 'string' || parseHostAndPort(text)) return []
  return [{ path, message: `"${text}" is not host:port`, hint }]
}
