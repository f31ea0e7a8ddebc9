/** Builds what the tests of the chart need into the cache, ahead of them: `node test/infra/kubernetes/provide.ts [NAME…]`. */
import { controlPlanePrograms } from './control-plane.ts'
import { kubernetesTool } from './programs.ts'

const providers = {
  helm: () => kubernetesTool('helm'),
  kubeconform: () => kubernetesTool('kubeconform'),
  kwok: () => kubernetesTool('kwok'),
  'control-plane': () => controlPlanePrograms(),
  keda: () => kubernetesTool('keda'),
  'keda-adapter': () => kubernetesTool('keda-adapter'),
}

const wanted = process.argv.slice(2)
for (const [name, provide] of Object.entries(providers)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const start = Date.now()
  console.log(`${name}: ${await provide()} (${Math.round((Date.now() - start) / 1000)} s)`)
}
