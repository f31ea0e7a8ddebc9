/** The built page (`services/console/web/dist`), read once: what is not in it cannot be asked for. */
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'

export interface PageFile {
  readonly bytes: Buffer
  /** The same, compressed with Brotli, where the build made it. */
  readonly brotli: Buffer | undefined
  readonly type: string
  /** Its name has a hash of its content: it never changes. */
  readonly isImmutable: boolean
}

/** By path, beginning with a slash. */
export type PageFiles = ReadonlyMap<string, PageFile>

export const builtPage = join(import.meta.dirname, '../../web/dist')

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** Empty where the page has not been built. */
export async function readPageFiles(folder: string): Promise<PageFiles> {
  const files = new Map<string, PageFile>()
  for (const path of await filesBelow(folder)) {
    const type = types[extname(path)]
    if (!type) continue
    const name = `/${relative(folder, path).split(sep).join('/')}`
    const brotli = await readFile(`${path}.br`).catch(() => undefined)
    files.set(name, { bytes: await readFile(path), brotli, type, isImmutable: name.startsWith('/assets/') })
  }
  return files
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}
