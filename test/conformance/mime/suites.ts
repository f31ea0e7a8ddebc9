/** The published MIME suites beside the repository, unpacked once into `build/corpus`. */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const root = new URL('../../../', import.meta.url).pathname
const archive = join(root, '../shared/corpus/suites.tar.xz')
const unpacked = join(root, 'build/corpus/suites')

/** For the `skip` option of a test. */
export const skipWithoutSuites: string | false =
  existsSync(archive) || existsSync(unpacked) ? false : 'the folder shared/corpus is absent'

/** The folder of this suite, or of all. Unpacks beside the target and renames, so that tests in other processes never see half of it. */
export function suiteFolder(name = ''): string {
  if (!existsSync(unpacked)) {
    mkdirSync(join(root, 'build/corpus'), { recursive: true })
    const temporary = mkdtempSync(join(root, 'build/corpus/unpacking-'))
    const { status, stderr } = spawnSync('tar', ['-xJf', archive, '-C', temporary, 'suites'], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`tar: ${stderr}`)
    try {
      renameSync(join(temporary, 'suites'), unpacked)
    } catch (error) {
      // Somebody else was quicker.
      if (!existsSync(unpacked)) throw error
    }
    rmSync(temporary, { recursive: true, force: true })
  }
  return join(unpacked, 'mime', name)
}

/** Paths of the files of this suite, relative to its folder. */
export const suiteFiles = (name: string, pattern: string): readonly string[] => globSync(pattern, { cwd: suiteFolder(name) }).sort()
