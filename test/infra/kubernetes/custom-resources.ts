/** The definitions of the custom resources that the chart can make, each from its own project. */
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { goModule } from '../go-program.ts'
import { kedaVersion } from './programs.ts'

const sources = [
  // All of KEDA's, also those that the chart makes none of: two minutes after its start its operator ends where one is not known.
  { module: 'github.com/kedacore/keda/v2', version: kedaVersion, folder: 'config/crd/bases', files: '*.yaml' },
  {
    module: 'github.com/prometheus-operator/prometheus-operator',
    version: 'v0.85.0',
    folder: 'example/prometheus-operator-crd',
    files: 'monitoring.coreos.com_podmonitors.yaml',
  },
  {
    module: 'sigs.k8s.io/gateway-api',
    version: 'v1.5.1',
    folder: 'config/crd/standard',
    files: 'gateway.networking.k8s.io_httproutes.yaml',
  },
]

/** Paths of YAML files with one CustomResourceDefinition each. */
export async function customResources(): Promise<readonly string[]> {
  const own = join(import.meta.dirname, '../../deploy/custom-resources')
  const found = globSync('*.yaml', { cwd: own }).map((file) => join(own, file))
  for (const { module, version, folder, files } of sources) {
    const place = join((await goModule(module, version)).folder, folder)
    found.push(...globSync(files, { cwd: place }).map((file) => join(place, file)))
  }
  return found
}
