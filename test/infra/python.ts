/** Python with packages from PyPI, in a virtual environment of the cache that is made once. */
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder, whileLocked } from './cache-folder.ts'
import { findProgram } from './find-program.ts'
import { runProgram } from './run-program.ts'

const python = findProgram('python3')

/** Why tests with Python are skipped here, or false; the module that Debian ships apart is looked for when it is needed. */
export const pythonMissing = python === undefined && 'python3 is not installed (Debian: python3 python3-venv)'

/** The interpreter of an environment with these packages (`name==version`). Rejects with what pip said. */
export async function pythonWith(name: string, packages: readonly string[]): Promise<string> {
  const home = cacheFolder('python')
  const environment = join(home, [name, ...packages].join('-').replace(/[^\w.-]/g, '_'))
  const interpreter = join(environment, 'bin', 'python')
  const done = join(environment, 'done')
  if (existsSync(done)) return interpreter
  return await whileLocked('python', async () => {
    if (existsSync(done)) return interpreter
    rmSync(environment, { recursive: true, force: true })
    await runProgram('python3', ['-m', 'venv', environment])
    await runProgram(interpreter, [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--only-binary',
      ':all:',
      ...packages,
    ])
    writeFileSync(done, '')
    return interpreter
  })
}
