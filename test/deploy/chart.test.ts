/** The chart without a cluster: it renders, is linted and conforms; what it renders is restricted; wrong values are refused. */
import assert from 'node:assert/strict'
import { before, suite, test } from 'node:test'
import { askProgram } from '../infra/ask-program.ts'
import { goMissing } from '../infra/go-program.ts'
import { chartFolder, helm, type KubernetesObject, render, renderText, sampleValues } from '../infra/kubernetes/chart.ts'
import { kubernetesTool } from '../infra/kubernetes/programs.ts'
import { schemaLocation } from '../infra/kubernetes/schemas.ts'

const podOf = ({ kind, spec }: KubernetesObject) => (kind === 'Pod' ? spec : spec?.template?.spec)
const isPodMaker = ({ kind }: KubernetesObject): boolean => ['Deployment', 'Job', 'Pod'].includes(kind)

suite('the chart', { skip: goMissing }, () => {
  for (const [name, values] of Object.entries(sampleValues)) {
    suite(`with the values "${name}"`, () => {
      let objects: readonly KubernetesObject[]
      before(async () => {
        objects = await render(values)
      })

      test('passes helm lint', async () => {
        assert.match(await helm(['lint', '--strict', chartFolder], values), /0 chart\(s\) failed/)
      })

      test('conforms to the schemas of Kubernetes and of every custom resource', async () => {
        const words = ['-strict', '-summary', '-schema-location', await schemaLocation(), '-']
        const { code, stdout } = await askProgram(await kubernetesTool('kubeconform'), words, { input: await renderText(values) })
        assert.equal(code, 0, stdout)
        assert.match(stdout, /Invalid: 0, Errors: 0, Skipped: 0/)
      })

      test('has one Deployment for each role', () => {
        const roles = objects
          .filter(({ kind }) => kind === 'Deployment')
          .map(({ metadata }) => metadata.labels['app.kubernetes.io/component'])
        assert.deepEqual(roles.toSorted(), [
          'address-check',
          'console',
          'delivery',
          'domain-check',
          'ingress',
          'spam-scoring',
          'throttle',
          'verdict',
        ])
      })

      test('makes only pods of the Pod Security level restricted, on a read-only root, without a token', () => {
        const makers = objects.filter(isPodMaker)
        assert.ok(makers.length >= 9)
        for (const object of makers) {
          const pod = podOf(object)
          const what = `${object.kind} ${object.metadata.name}`
          assert.equal(pod.automountServiceAccountToken, false, what)
          assert.equal(pod.securityContext.runAsNonRoot, true, what)
          assert.equal(pod.securityContext.seccompProfile.type, 'RuntimeDefault', what)
          for (const field of ['hostNetwork', 'hostPID', 'hostIPC']) assert.equal(pod[field], undefined, what)
          for (const { securityContext, resources } of pod.containers) {
            assert.equal(securityContext.readOnlyRootFilesystem, true, what)
            assert.equal(securityContext.allowPrivilegeEscalation, false, what)
            assert.deepEqual(securityContext.capabilities, { drop: ['ALL'] }, what)
            assert.ok(resources.requests.cpu && resources.requests.memory && resources.limits.memory, what)
          }
          for (const { hostPath } of pod.volumes) assert.equal(hostPath, undefined, what)
        }
      })

      test('names every object after the release and labels it', () => {
        for (const { kind, metadata } of objects) {
          assert.equal(metadata.labels['app.kubernetes.io/instance'], 'mail', `${kind} ${metadata.name}`)
        }
      })
    })
  }
})
