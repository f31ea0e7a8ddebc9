/** What the chart says of the gateway is what the gateway says of itself. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import { checkerGroup, groups, roleOfCheck, topics } from '@sallyport/contracts'
import { temporaryFolder } from '@sallyport/testkit'
import { settingsFrom } from '../../services/gateway/src/command-line.ts'
import { goMissing } from '../infra/go-program.ts'
import { type KubernetesObject, render, sampleValues } from '../infra/kubernetes/chart.ts'
import { edges, pagePath, renewedPage } from './edges.ts'

suite('the chart and the code', { skip: goMissing }, () => {
  for (const [values, given] of Object.entries(sampleValues)) {
    test(`the gateway takes the settings that the values "${values}" make, for every role`, async () => {
      const objects = await render(given)
      const text = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'mail-sallyport')?.data[
        'sallyport.yaml'
      ]
      const folder = temporaryFolder('sallyport-settings-')
      try {
        const file = folder.join('sallyport.yaml')
        writeFileSync(file, text)
        for (const { kind, spec } of objects) {
          if (kind !== 'Deployment') continue
          const [container] = spec.template.spec.containers
          const words = container.args.map((word: string) => (word.endsWith('/sallyport.yaml') ? file : word))
          const env = container.env.map(({ name, value }: { name: string; value?: string }) => [name, value ?? 'x'])
          const settings = settingsFrom(words, Object.fromEntries(env))
          assert.deepEqual(settings.roles, [words.at(-1)])
          assert.ok(settings.kafka && settings.redis && settings.contentStore && settings.gatewayKey)
          assert.match(settings.health.listen, /^0\.0\.0\.0:8081$/)
        }
      } finally {
        folder.remove()
      }
    })
  }

  test('Strimzi gets every topic and every group', async () => {
    const objects = await render(sampleValues.everything ?? {})
    const made = objects.filter(({ kind }) => kind === 'KafkaTopic')
    assert.deepEqual(
      made.map(({ metadata }) => metadata.name).toSorted(),
      Object.values(topics)
        .map(({ name }) => name)
        .toSorted(),
    )
    for (const { metadata, spec } of made) {
      assert.deepEqual(
        { replicas: spec.replicas, partitions: spec.partitions, minInSync: spec.config['min.insync.replicas'] },
        { replicas: 3, partitions: 12, minInSync: 2 },
        metadata.name,
      )
    }
    const user = objects.find(({ kind }) => kind === 'KafkaUser')
    const acls = (type: string): string[] =>
      user?.spec.authorization.acls.flatMap(({ resource }: { resource: { type: string; name: string } }) =>
        resource.type === type ? [resource.name] : [],
      )
    assert.deepEqual(acls('topic').toSorted(), made.map(({ metadata }) => metadata.name).toSorted())
    const groupNames = [...Object.values(groups), ...[...roleOfCheck.keys()].map(checkerGroup)]
    assert.deepEqual(acls('group').toSorted(), groupNames.toSorted())
  })

  test('KEDA scales each checker on the lag of its own group, and nothing else', async () => {
    const objects = await render(sampleValues.everything ?? {})
    const triggers = objects
      .filter(({ kind }) => kind === 'ScaledObject')
      .map(({ spec }) => [spec.scaleTargetRef.name, spec.triggers[0].metadata.topic, spec.triggers[0].metadata.consumerGroup])
    const expected = [...roleOfCheck].map(([check, role]) => [`mail-sallyport-${role}`, topics.received.name, checkerGroup(check)])
    assert.deepEqual(triggers.toSorted(), expected.toSorted())
  })

  test('the table of edges in docs/kubernetes.md is that of the NetworkPolicies (renew it with edges.ts)', async () => {
    assert.equal(readFileSync(pagePath, 'utf8'), await renewedPage())
  })

  test('checkers reach no key, no next hop and no ledger; only delivery reaches next hops', async () => {
    const all = await edges()
    for (const role of ['domain-check', 'address-check'])
      assert.deepEqual(all[role]?.to, ['DNS', 'Kafka', 'collector of traces'], role)
    const toNextHops = Object.keys(all).filter((role) => all[role]?.to.includes('next hops'))
    assert.deepEqual(toNextHops, ['delivery'])
    const fromApplications = Object.keys(all).filter((role) => all[role]?.from.includes('applications (SMTP)'))
    assert.deepEqual(fromApplications, ['ingress'])
  })

  test('no checker has the key of the gateway mounted, and delivery has not', async () => {
    const mounts = (object: KubernetesObject): boolean => JSON.stringify(object.spec.template.spec.volumes).includes('gateway-key')
    const holders = (await render(sampleValues.everything ?? {})).filter((object) => object.kind === 'Deployment' && mounts(object))
    assert.deepEqual(holders.map(({ metadata }) => metadata.labels['app.kubernetes.io/component']).toSorted(), [
      'console',
      'ingress',
      'verdict',
    ])
  })
})
