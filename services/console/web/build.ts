/**
 * Builds the page into `dist`, unless it has been built of these very sources: `npm start` and the image call it.
 * `node services/console/web/build.ts [--force]`
 */
import { createHash } from 'node:crypto'
import { globSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'

const here = import.meta.dirname
const dist = join(here, 'dist')
const stamp = 'built-from.txt'
const sources = [
  'package.json',
  'index.html',
  'preview.html',
  'vite.config.ts',
  'build.ts',
  'public/**/*.*',
  'src/**/*.{ts,tsx,css}',
]

const digest = createHash('sha256')
for (const file of sources.flatMap((pattern) => globSync(pattern, { cwd: here, exclude: ['**/*.test.ts'] })).sort()) {
  digest.update(`${file}\0`).update(readFileSync(join(here, file)))
}
const fingerprint = digest.digest('hex')

if (process.argv.includes('--force') || built() !== fingerprint) await build()

function built(): string | undefined {
  try {
    return readFileSync(join(dist, stamp), 'utf8')
  } catch {
    return undefined
  }
}

/** In a folder of its own first: who starts meanwhile sees the old page or the new one, never half of it. */
async function build(): Promise<void> {
  const began = performance.now()
  const vite = await import('vite')
  const fresh = `${dist}.${process.pid}`
  await vite.build({ root: here, logLevel: 'warn', build: { outDir: fresh, emptyOutDir: true } })
  for (const file of globSync('**/*.{js,css,html,svg}', { cwd: fresh })) compress(join(fresh, file))
  writeFileSync(join(fresh, stamp), fingerprint)
  rmSync(dist, { recursive: true, force: true })
  renameSync(fresh, dist)
  process.stderr.write(`built the console's page in ${((performance.now() - began) / 1000).toFixed(1)} s\n`)
}

function compress(path: string): void {
  const bytes = readFileSync(path)
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }))
}
