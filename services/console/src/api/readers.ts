/** Who reads what: every role with its groups, and the checkers that the policy names. */
import {
  checkerGroup,
  deferredTiers,
  deferredTopic,
  groups,
  outboundTopic,
  type Reader,
  roleOfCheck,
  topics,
} from '@sallyport/contracts'
import type { CompiledPolicy } from '@sallyport/policy'

export interface RoleReader extends Reader {
  /** Of a check of others: its group. */
  readonly role: string
}

/** Every check that the policy names, and the two that are watched unless it says otherwise; may repeat. */
export const checksOf = ({ document }: CompiledPolicy): string[] => [
  'address',
  'domain',
  ...Object.keys(document.defaults?.checks ?? {}),
  ...document.applications.flatMap(({ checks }) => Object.keys(checks ?? {})),
]

export function roleReaders(policy: CompiledPolicy, consoleGroup: string | undefined): readonly RoleReader[] {
  return [
    ...[...new Set(checksOf(policy))].sort().map((check): RoleReader => {
      const group = checkerGroup(check)
      return { role: roleOfCheck.get(check) ?? group, group, topics: [topics.received.name] }
    }),
    { role: 'verdict', group: groups.verdict, topics: [topics.annotations.name] },
    { role: 'delivery', group: groups.split, topics: [topics.decided.name, topics.commands.name] },
    { role: 'delivery', group: groups.send, topics: (['urgent', 'normal', 'bulk'] as const).map(outboundTopic) },
    { role: 'delivery', group: groups.timer, topics: deferredTiers.map(deferredTopic) },
    ...(consoleGroup === undefined ? [] : [{ role: 'console', group: consoleGroup, topics: [topics.events.name] }]),
  ]
}
