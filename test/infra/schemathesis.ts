/** Schemathesis (MIT) in a virtual environment of the cache: it fuzzes an API against its own document. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder, whileLocked } from './cache-folder.ts'
import { findProgram } from './find-program.ts'
import { runProgram } from './run-program.ts'

const version = '4.32.5'

/** The path of its program; undefined where Python 3 is missing. */
export async function schemathesis(): Promise<string | undefined> {
  const python = findProgram('python3')
  if (!python) return undefined
  const folder = cacheFolder('schemathesis', version)
  const program = join(folder, 'bin', 'schemathesis')
  await whileLocked('schemathesis', async () => {
    if (existsSync(program)) return
    await runProgram(python, ['-m', 'venv', folder])
    await runProgram(join(folder, 'bin', 'pip'), ['install', '--quiet', `schemathesis==${version}`])
  })
  return program
}
