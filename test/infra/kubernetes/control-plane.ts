/** Kubernetes' own API server, controller manager, scheduler and kubectl, built once from the Go module proxy. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder, whileLocked } from '../cache-folder.ts'
import { compilerFlags, goModule, linkerFlags } from '../go-program.ts'
import { runProgram } from '../run-program.ts'
import { kubernetesVersion } from './programs.ts'

const names = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl'] as const

/** The folder with the four programs. The first build takes about ten minutes of CPU. */
export async function controlPlanePrograms(): Promise<string> {
  const folder = cacheFolder(`kubernetes-${kubernetesVersion}`)
  const bin = join(folder, 'bin')
  if (existsSync(bin)) return bin
  const build = async (): Promise<string> => {
    if (existsSync(bin)) return bin
    const source = cacheFolder('go', 'kubernetes')
    const { goMod } = await goModule('k8s.io/kubernetes', kubernetesVersion)
    writeFileSync(join(source, 'go.mod'), publishedModules(readFileSync(goMod, 'utf8')))
    rmSync(join(source, 'go.sum'), { force: true })
    const mains = names.map((name) => `k8s.io/kubernetes/cmd/${name}`)
    const options = { cwd: source, env: { CGO_ENABLED: '0' } }
    await runProgram('go', ['list', '-mod=mod', '-deps', ...mains], options)
    const partial = `${bin}.new`
    rmSync(partial, { recursive: true, force: true })
    await runProgram(
      'go',
      [
        'build',
        '-mod=mod',
        '-trimpath',
        compilerFlags(),
        '-ldflags',
        linkerFlags(versionVariables()),
        '-o',
        `${partial}/`,
        ...mains,
      ],
      options,
    )
    renameSync(partial, bin)
    return bin
  }
  return await whileLocked('kubernetes', build)
}

/** A go.mod of ours for Kubernetes: each module of its staging folder is replaced by the one that is published under its name. */
function publishedModules(upstream: string): string {
  const staging = kubernetesVersion.replace('v1.', 'v0.')
  const lines = upstream.split('\n').map((line) => line.trim())
  const language = lines.filter((line) => line.startsWith('go ') || line.startsWith('godebug default='))
  const replaced = lines.filter((line) => line.includes('=> ./staging/')).map((line) => line.split(' ')[0] ?? '')
  return [
    'module sallyport.test/kubernetes',
    ...language,
    `require k8s.io/kubernetes ${kubernetesVersion}`,
    ...replaced.map((name) => `require ${name} ${staging}`),
    ...replaced.map((name) => `replace ${name} => ${name} ${staging}`),
    '',
  ].join('\n')
}

/** Without them the server would not say its version. */
function versionVariables(): Record<string, string> {
  const [, minor = ''] = kubernetesVersion.split('.')
  const values = {
    gitVersion: kubernetesVersion,
    gitMajor: '1',
    gitMinor: minor,
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
  }
  const packages = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version']
  return Object.fromEntries(packages.flatMap((where) => Object.entries(values).map(([name, value]) => [`${where}.${name}`, value])))
}
