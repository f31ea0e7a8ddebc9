/** Values that cannot work, or would make an open relay, are refused with what to do. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { goMissing } from '../infra/go-program.ts'
import { renderText, sampleValues, withValue } from '../infra/kubernetes/chart.ts'

interface Refused {
  readonly why: string
  readonly values: Readonly<Record<string, unknown>>
  readonly says: RegExp
}

const openRelays: readonly Refused[] = [
  {
    why: 'a load balancer hides the address of the client',
    values: { 'smtp.service.type': 'LoadBalancer', 'smtp.service.externalTrafficPolicy': 'Cluster' },
    says: /externalTrafficPolicy: Cluster would make an open relay.*Set Local, or smtp\.proxyProtocol/,
  },
  {
    why: 'a node port hides the address of the client',
    values: { 'smtp.service.type': 'NodePort', 'smtp.service.externalTrafficPolicy': 'Cluster' },
    says: /externalTrafficPolicy: Cluster would make an open relay/,
  },
  {
    why: 'anybody may send a PROXY header, IPv4',
    values: { 'smtp.proxyProtocol': { enabled: true, networks: ['10.0.0.0/8', '0.0.0.0/0'] } },
    says: /networks: 0\.0\.0\.0\/0 would make an open relay.*Name only the load balancers/,
  },
  {
    why: 'anybody may send a PROXY header, IPv6',
    values: { 'smtp.proxyProtocol': { enabled: true, networks: ['::/0'] } },
    says: /networks: ::\/0 would make an open relay/,
  },
  {
    why: 'half of all addresses may send a PROXY header',
    values: { 'smtp.proxyProtocol': { enabled: true, networks: ['128.0.0.0/1'] } },
    says: /networks: 128\.0\.0\.0\/1 would make an open relay/,
  },
  {
    why: 'PROXY is on, and nobody is named',
    values: { 'smtp.proxyProtocol.enabled': true },
    says: /smtp\.proxyProtocol\.networks is empty: name the networks of the load balancers/,
  },
  {
    why: 'load balancers are named, and PROXY is off',
    values: { 'smtp.proxyProtocol.networks': ['192.0.2.0/28'] },
    says: /smtp\.proxyProtocol\.enabled is false.*open relay/,
  },
  {
    why: 'the listeners are set beside the chart',
    values: { 'settings.smtp': { listen: '0.0.0.0:2525' } },
    says: /settings\.smtp\.listen is set by this chart/,
  },
  {
    why: 'PROXY is set beside the chart',
    values: { 'settings.smtp': { proxy: { networks: ['0.0.0.0/0'] } } },
    says: /settings\.smtp\.proxy is set by this chart/,
  },
  {
    why: 'the environment of ingress sets PROXY beside the chart',
    values: { 'roles.ingress.env': [{ name: 'SALLYPORT_SMTP_PROXY_NETWORKS', value: '0.0.0.0/0' }] },
    says: /roles\.ingress\.env: SALLYPORT_SMTP_PROXY_NETWORKS is set by this chart/,
  },
]

const others: readonly Refused[] = [
  { why: 'no broker', values: { 'kafka.brokers': [] }, says: /kafka\.brokers is empty: name host:port/ },
  { why: 'a broker without a port', values: { 'kafka.brokers': ['kafka'] }, says: /at '\/kafka\/brokers\/0'.*pattern/ },
  {
    why: 'no key of the gateway',
    values: { 'gatewayKey.existingSecret': '' },
    says: /gatewayKey\.existingSecret is empty: make a secret/,
  },
  { why: 'no policy', values: { policy: {} }, says: /policy\.document is empty: give the policy with --set-file/ },
  { why: 'two policies', values: { 'policy.existingConfigMap': 'mine' }, says: /give document or existingConfigMap, not both/ },
  {
    why: 'an unknown value',
    values: { 'roles.ingres': { replicas: 2 } },
    says: /at '\/roles': additional properties 'ingres' not allowed/,
  },
  {
    why: 'a wrong type',
    values: { 'roles.ingress.replicas': 'two' },
    says: /at '\/roles\/ingress\/replicas': got string, want integer/,
  },
  {
    why: 'more replicas than partitions',
    values: { partitions: 4, 'roles.verdict.replicas': 5 },
    says: /roles\.verdict may have 5 replicas, but there are 4 partitions/,
  },
  {
    why: 'an autoscaler beyond the partitions',
    values: { partitions: 8, 'autoscaling.kind': 'keda' },
    says: /roles\.spam-scoring may have 12 replicas, but there are 8 partitions/,
  },
  {
    why: 'a grace period shorter than the drain',
    values: { 'roles.ingress.terminationGracePeriodSeconds': 20 },
    says: /terminationGracePeriodSeconds is 20, but preStop and drain take up to 40 s/,
  },
  {
    why: 'two consoles on one volume',
    values: { 'roles.console.replicas': 2 },
    says: /roles\.console\.replicas is above 1.*leave it at 1, or give records\.postgres/,
  },
  {
    why: 'two consoles, each with a token of its own',
    values: { 'records.postgres': { host: 'db', existingSecret: 'db' }, 'roles.console.replicas': 2 },
    says: /roles\.console\.replicas is above 1.*console\.existingSecret/,
  },
  {
    why: 'a PostgreSQL without a password',
    values: { 'records.postgres.host': 'db' },
    says: /records\.postgres\.host needs records\.postgres\.existingSecret/,
  },
  {
    why: 'a PostgreSQL by its URL',
    values: { 'records.postgres': { host: 'postgres://db/mail', existingSecret: 'db' } },
    says: /at '\/records\/postgres\/host'.*pattern/,
  },
  {
    why: 'records set beside the chart',
    values: { settings: { records: { postgres: { address: 'db:5432' } } } },
    says: /settings\.records is set by this chart/,
  },
  {
    why: 'SASL without a user',
    values: { 'kafka.sasl.mechanism': 'plain' },
    says: /kafka\.sasl\.mechanism needs kafka\.sasl\.username/,
  },
  { why: 'a setting of the chart', values: { 'settings.redis': {} }, says: /settings\.redis is set by this chart/ },
  { why: 'Strimzi without a cluster', values: { 'strimzi.enabled': true }, says: /strimzi\.cluster is empty/ },
  {
    why: 'an Ingress without a host',
    values: { 'console.ingress.enabled': true },
    says: /console\.ingress\.host is empty/,
  },
]

suite('values that are refused', { skip: goMissing }, () => {
  const smallest = sampleValues.smallest ?? {}
  for (const { why, values, says } of [...openRelays, ...others]) {
    test(why, async () => {
      const wrong = Object.entries(values).reduce((made, [path, value]) => withValue(made, path, value), smallest)
      await assert.rejects(renderText(wrong), says)
    })
  }

  test('all of them at once', async () => {
    const wrong = withValue(withValue(smallest, 'kafka.brokers', []), 'redis.address', '')
    await assert.rejects(renderText(wrong), /kafka\.brokers is empty[\s\S]*redis\.address is empty/)
  })
})
