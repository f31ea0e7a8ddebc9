/** What the chart knows of topics and groups, from the code that uses them: `node test/deploy/strimzi-files.ts` writes it anew. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkerGroup, groups, roleOfCheck, topics } from '@sallyport/contracts'
import { stringify } from 'yaml'
import { newTopic } from '../../libs/bus/src/kafka/topic-plan.ts'
import { chartFolder } from '../infra/kubernetes/chart.ts'

const head = '# Written by test/deploy/strimzi-files.ts.\n'

/** Every topic as the gateway would create it, but for what the values say. */
export function topicsFile(): string {
  const entries = Object.values(topics).map((spec) => {
    const { configuration } = newTopic(spec, { partitions: 1, replication: 3, minInsync: 2 })
    const config = Object.fromEntries([...configuration].filter(([name]) => name !== 'min.insync.replicas'))
    return [spec.name, { config }] as const
  })
  return head + stringify(Object.fromEntries(entries))
}

/** Every consumer group of the roles. */
export function groupsFile(): string {
  const names = [...Object.values(groups), ...[...roleOfCheck.keys()].map(checkerGroup)]
  // The console's group has the generation of its records behind its name.
  return head + stringify(names.map((name) => ({ name, pattern: name === groups.console ? 'prefix' : 'literal' })))
}

export const topicsPath = join(chartFolder, 'files/topics.yaml')
export const groupsPath = join(chartFolder, 'files/groups.yaml')

if (import.meta.main) {
  writeFileSync(topicsPath, topicsFile())
  writeFileSync(groupsPath, groupsFile())
}
