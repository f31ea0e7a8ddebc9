/** What the tests of the chart run, built from the Go module proxy: the versions stand here and nowhere else. */
import { type GoProgram, goProgram } from '../go-program.ts'

export const kubernetesVersion = 'v1.35.4'
export const kedaVersion = 'v2.21.0'
export const kwokVersion = 'v0.8.0'
const helmVersion = 'v3.22.0'

const [, minor = ''] = kubernetesVersion.split('.')

/** Built without these, helm renders for Kubernetes 1.20. */
const helmBelieves = {
  'helm.sh/helm/v3/internal/version.version': helmVersion,
  'helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor': '1',
  'helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor': minor,
  'helm.sh/helm/v3/pkg/lint/rules.k8sVersionMajor': '1',
  'helm.sh/helm/v3/pkg/lint/rules.k8sVersionMinor': minor,
}

const programs = {
  helm: {
    name: 'helm',
    module: 'helm.sh/helm/v3',
    version: helmVersion,
    main: 'helm.sh/helm/v3/cmd/helm',
    variables: helmBelieves,
  },
  kubeconform: {
    name: 'kubeconform',
    module: 'github.com/yannh/kubeconform',
    version: 'v0.8.0',
    main: 'github.com/yannh/kubeconform/cmd/kubeconform',
  },
  kwok: {
    name: 'kwok',
    module: 'sigs.k8s.io/kwok',
    version: kwokVersion,
    main: 'sigs.k8s.io/kwok/cmd/kwok',
    variables: { 'sigs.k8s.io/kwok/pkg/consts.Version': kwokVersion },
  },
  keda: {
    name: 'keda',
    module: 'github.com/kedacore/keda/v2',
    version: kedaVersion,
    main: 'github.com/kedacore/keda/v2/cmd/operator',
    isBuiltPlainly: true,
  },
  'keda-adapter': {
    name: 'keda-adapter',
    module: 'github.com/kedacore/keda/v2',
    version: kedaVersion,
    main: 'github.com/kedacore/keda/v2/cmd/adapter',
    isBuiltPlainly: true,
  },
} satisfies Record<string, GoProgram>

export type KubernetesTool = keyof typeof programs

/** The path of the program; built when it is missing, which for KEDA takes minutes. */
export async function kubernetesTool(name: KubernetesTool): Promise<string> {
  return await goProgram(programs[name])
}
