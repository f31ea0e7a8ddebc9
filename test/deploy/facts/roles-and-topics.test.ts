/** What files of the chart say of roles, topics and groups is what the code says: without helm, so that it is seen with every change. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkerGroup, roleOfCheck } from '@sallyport/contracts'
import { parse } from 'yaml'
import { roleNames } from '../../../services/gateway/src/role-names.ts'
import { needsOf } from '../../../services/gateway/src/role-needs.ts'
import { chartFolder } from '../../infra/kubernetes/chart.ts'
import { groupsFile, groupsPath, topicsFile, topicsPath } from '../strimzi-files.ts'

interface RoleFacts {
  readonly group?: string
  readonly servers: readonly string[]
  readonly secrets: readonly string[]
}
const roles = parse(readFileSync(join(chartFolder, 'files/roles.yaml'), 'utf8')) as Readonly<Record<string, RoleFacts>>

test('know the same roles, what each needs, and the group of each checker', () => {
  assert.deepEqual(Object.keys(roles).toSorted(), roleNames.toSorted())
  for (const name of roleNames) {
    const needs = needsOf([name])
    const has = (what: string): boolean => roles[name]?.servers.includes(what) === true
    assert.equal(has('redis'), Boolean(needs.replies || needs.ledger || needs.limiter), `${name}: Redis`)
    assert.equal(has('contentStore'), needs.content === true, `${name}: object store`)
    assert.equal(roles[name]?.secrets.includes('gatewayKey'), needs.key === true, `${name}: key of the gateway`)
    for (const server of ['redis', 'contentStore'])
      assert.equal(roles[name]?.secrets.includes(server), has(server), `${name}: ${server}`)
  }
  for (const [check, role] of roleOfCheck) assert.equal(roles[role]?.group, checkerGroup(check))
})

test('topics and groups of Strimzi are those of the code (renew them with strimzi-files.ts)', () => {
  assert.equal(readFileSync(topicsPath, 'utf8'), topicsFile())
  assert.equal(readFileSync(groupsPath, 'utf8'), groupsFile())
})
