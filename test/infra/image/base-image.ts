/**
 * Base images without a registry, made of the Debian packages of this machine: the same files as in the distroless image and
 * in Node's own image that the Dockerfile names, as far as the build and the gateway need them.
 */
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { temporaryFolder } from '@sallyport/testkit'
import { answerOf } from '../ask-program.ts'
import { buildah } from './containers.ts'

const runPackages = ['base-files', 'libc6', 'libgcc-s1', 'libstdc++6', 'netbase', 'tzdata']
const buildPackages = [
  ...runPackages,
  ...['dash', 'coreutils', 'binutils', 'binutils-common', 'libatomic1', 'zlib1g', 'libzstd1', 'libjansson4', 'ca-certificates'],
  ...[
    'libacl1',
    'libattr1',
    'libgmp10',
    'libselinux1',
    'libpcre2-8-0',
    'libssl3',
    'libctf0',
    'libctf-nobfd0',
    'libbinutils',
    'libgprofng0',
  ],
]

export interface BaseImages {
  readonly build: string
  readonly run: string
}

/** Makes those that are missing: their tags name the versions of what is in them. */
export async function baseImages(): Promise<BaseImages> {
  const run = await baseImage('sallyport-base-run', runPackages, () => undefined)
  const build = await baseImage('sallyport-base-build', [...buildPackages, await binutilsOfMachine()], (root) => {
    // Node as package.json pins it, and the npm that is at hand.
    cpSync(process.execPath, join(root, 'usr/local/bin/node'))
    const npm = dirname(dirname(realpathSync(npmProgram())))
    cpSync(npm, join(root, 'usr/local/lib/node_modules/npm'), { recursive: true, verbatimSymlinks: true })
    symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'))
    cpSync('/etc/ssl/certs/ca-certificates.crt', join(root, 'etc/ssl/certs/ca-certificates.crt'))
  })
  return { build, run }
}

async function baseImage(name: string, packages: readonly string[], add: (root: string) => void): Promise<string> {
  const versions = await answerOf('dpkg-query', ['-W', ...packages])
  const tag = createHash('sha256').update(`${versions} ${process.version}`).digest('hex').slice(0, 12)
  const image = `localhost/${name}:${tag}`
  if ((await buildah(['images', '--quiet', '--filter', `reference=${image}`])).trim() !== '') return image
  const folder = temporaryFolder('sallyport-base-')
  try {
    const root = folder.join('root')
    for (const path of ['usr/bin', 'usr/sbin', 'usr/lib', 'usr/lib64', 'usr/local/bin', 'etc/ssl/certs', 'home/nonroot', 'tmp']) {
      mkdirSync(join(root, path), { recursive: true })
    }
    for (const path of ['bin', 'sbin', 'lib', 'lib64']) symlinkSync(`usr/${path}`, join(root, path))
    const listed = await answerOf('dpkg', ['-L', ...packages])
    const isWanted = (path: string): boolean =>
      path !== '/.' && !/^\/usr\/share\/(doc|man|locale|lintian|bug|info|zoneinfo\/right)\//.test(path)
    const files = [...new Set(listed.split('\n').filter((path) => path.startsWith('/') && isWanted(path)))]
    const archive = folder.join('files.tar')
    const list = folder.join('files.txt')
    writeFileSync(list, files.map((path) => `.${path}\n`).join(''))
    await answerOf('tar', ['-C', '/', '--no-recursion', '--ignore-failed-read', '-cf', archive, '-T', list])
    await answerOf('tar', ['-C', root, '--keep-directory-symlink', '-xf', archive])
    rmSync(archive)
    writeFileSync(
      join(root, 'etc/passwd'),
      'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532::/home/nonroot:/sbin/nologin\n',
    )
    writeFileSync(join(root, 'etc/group'), 'root:x:0:\nnonroot:x:65532:\n')
    add(root)
    const file = folder.join('Containerfile')
    // Node trusts the authorities of the machine only where it is told so.
    writeFileSync(file, 'FROM scratch\nCOPY root/ /\nENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt\n')
    await buildah(['build', '--timestamp', '0', '--tag', image, '--file', file, folder.path])
    return image
  } finally {
    folder.remove()
  }
}

/** binutils-x86-64-linux-gnu on a PC. */
async function binutilsOfMachine(): Promise<string> {
  const triplet = await answerOf('dpkg-architecture', ['-qDEB_HOST_GNU_TYPE']).catch(() => 'x86_64-linux-gnu')
  return `binutils-${triplet.trim().replace('_', '-')}`
}

const npmProgram = (): string => {
  const { npm_execpath: own } = process.env
  if (own !== undefined && own !== '') return own
  for (const folder of (process.env.PATH ?? '').split(':')) {
    try {
      readFileSync(join(folder, 'npm'))
      return join(folder, 'npm')
    } catch {}
  }
  throw new Error('npm is not in the PATH')
}
