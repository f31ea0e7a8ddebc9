/** Who may import whom: the laws, checked on the import statements of a tree of packages. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join, posix, relative, sep } from 'node:path'

export interface Violation {
  readonly law: string
  readonly file: string
  readonly imports: string
}

/** Which lib may import which of ours, none but those above it (docs/decisions/0029-which-lib-imports-which.md). */
export const libMayImport: Readonly<Record<string, readonly string[]>> = {
  contracts: [],
  policy: ['contracts'],
  lmdb: ['contracts'],
  bus: ['contracts', 'lmdb'],
  tracing: ['contracts', 'bus'],
  content: ['contracts', 'tracing'],
  redis: ['contracts', 'tracing'],
  ledger: ['contracts', 'lmdb', 'redis'],
  limiter: ['contracts', 'lmdb', 'redis'],
  replies: ['contracts', 'redis'],
  records: ['contracts'],
  mail: ['contracts'],
  runtime: ['contracts', 'policy', 'bus', 'tracing'],
  checker: ['contracts', 'policy', 'bus', 'content', 'mail', 'runtime', 'tracing'],
  testkit: ['contracts', 'policy', 'lmdb', 'bus', 'content', 'ledger', 'limiter', 'replies', 'runtime'],
}

/** Node modules that do I/O: forbidden to packages that promise none. */
const withoutIo = ['contracts', 'policy']
/** A client library stays in one place, a folder or a single file, so that another can replace it there. */
const onlyIn: Readonly<Record<string, string>> = {
  kafkajs: 'libs/bus/src/kafka/kafkajs-client.ts',
  ioredis: 'libs/redis/',
  '@opentelemetry/api': 'libs/tracing/',
  '@opentelemetry/sdk-node': 'libs/tracing/',
  lmdb: 'libs/lmdb/',
  'smtp-server': 'services/ingress/',
  nodemailer: 'services/delivery/',
  fastify: 'services/console/',
  kysely: 'libs/records/',
  pg: 'libs/records/',
  react: 'services/console/web/',
}
/** Configuration comes to everything else as settings. */
const readersOfEnvironment = /^services\/[^/]+\/src\/main\.ts$|\.(test|contract|cases)\.ts$/
const forbiddenFolders = ['utils', 'common', 'shared', 'helpers']
const composers = ['gateway']
const onlyContracts = ['cli', 'web']

/** Every violation in the tree below `root` (with its `libs` and `services`). Tests may import what they like of libs. */
export function violations(root: string): readonly Violation[] {
  const found: Violation[] = []
  for (const file of sources(root)) {
    const path = relative(root, file).split(sep).join('/')
    const folder = path.split('/').find((part) => forbiddenFolders.includes(part))
    if (folder) found.push({ law: 'no folder is called utils, common, shared or helpers', file: path, imports: folder })
    const source = readFileSync(file, 'utf8')
    if (source.includes('process.env') && !readersOfEnvironment.test(path))
      found.push({ law: 'only the programs read process.env', file: path, imports: 'process.env' })
    for (const imported of imports(source)) {
      const law = brokenLaw(path, imported)
      if (law) found.push({ law, file: path, imports: imported })
    }
  }
  return found
}

/** The page lies in the folder of the service that serves it, and is a package of its own. */
const nested = 'services/console/web'

const packageOf = (path: string): string => (path.startsWith(`${nested}/`) ? nested : path.split('/').slice(0, 2).join('/'))

function brokenLaw(path: string, imported: string): string | undefined {
  const home = packageOf(path)
  const [area = ''] = path.split('/')
  const name = posix.basename(home)
  // Golden files are written and read by programs of the repository, never by the gateway.
  const isTest = /\.(test|contract|cases)\.ts$/.test(path) || path.includes('/golden/')
  const ours = imported.startsWith('@sallyport/') ? (imported.split('/')[1] ?? '') : undefined
  const packageName = imported.startsWith('@') ? imported.split('/').slice(0, 2).join('/') : (imported.split('/')[0] ?? '')
  if (imported.startsWith('.'))
    return packageOf(posix.join(posix.dirname(path), imported)) !== home ? 'relative imports stay inside their package' : undefined
  const place = onlyIn[packageName]
  if (place && !path.startsWith(place) && !isTest)
    return `${packageName} is imported only ${place.endsWith('/') ? 'below' : 'in'} ${place}`
  if (withoutIo.includes(name) && area === 'libs' && isBuiltin(imported) && !isTest) return `${name} does no I/O`
  if (ours === undefined || ours === name) return undefined
  if (ours === 'testkit') return isTest || name === 'testkit' ? undefined : 'testkit is for tests'
  const target = libMayImport[ours] === undefined ? 'service' : 'lib'
  if (area === 'libs') {
    if (target === 'service') return 'a lib never imports a service'
    if (isTest) return undefined
    return libMayImport[name]?.includes(ours)
      ? undefined
      : `libs/${name} may import only ${libMayImport[name]?.join(', ') || 'nothing of ours'}`
  }
  if (target === 'service')
    return composers.includes(name) || isTest ? undefined : 'a service never imports another service; only gateway does'
  if (onlyContracts.includes(name) && ours !== 'contracts' && !isTest) return `${name} imports only contracts`
  return undefined
}

function imports(source: string): string[] {
  const found = source.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g,
  )
  return Array.from(found, (match) => match[1] ?? match[2] ?? match[3] ?? '')
}

function sources(root: string): string[] {
  const found: string[] = []
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder)) {
      if (entry === 'node_modules') continue
      const path = join(folder, entry)
      if (statSync(path).isDirectory()) walk(path)
      else if (/\.tsx?$/.test(entry)) found.push(path)
    }
  }
  for (const area of ['libs', 'services']) {
    try {
      walk(join(root, area))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  return found.sort()
}
