/** Programs written in Go, built once from the module proxy at a pinned version. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { answerOf } from './ask-program.ts'
import { cacheFolder, whileLocked } from './cache-folder.ts'
import { findProgram } from './find-program.ts'
import { runProgram } from './run-program.ts'

export interface GoProgram {
  readonly name: string
  readonly module: string
  readonly version: string
  /** Import path of its main package. */
  readonly main: string
  /** What its own Makefile sets with the linker, as `package.variable` and value. */
  readonly variables?: Readonly<Record<string, string>>
  /** It does little, and takes long to build: a third less of CPU without what makes it fast. Default false. */
  readonly isBuiltPlainly?: boolean
}

/** Why tests with programs in Go are skipped here, or false. */
export const goMissing = findProgram('go') === undefined && 'go is not installed (Debian: golang-go)'

/** Its path; built when it is missing. Rejects with the compiler's output. */
export async function goProgram({
  name,
  module,
  version,
  main,
  variables = {},
  isBuiltPlainly = false,
}: GoProgram): Promise<string> {
  const path = join(cacheFolder('bin'), name)
  const stamp = `${path}.version`
  const wanted = [`${module}@${version}`, ...Object.entries(variables).flat()].join(' ')
  const isThere = (): boolean => existsSync(path) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
  if (isThere()) return path
  return await whileLocked(`go-${name}`, async () => {
    if (isThere()) return path
    const source = cacheFolder('go', name)
    const env = { CGO_ENABLED: '0' }
    if (!existsSync(join(source, 'go.mod'))) await runProgram('go', ['mod', 'init', `sallyport.test/${name}`], { cwd: source })
    await runProgram('go', ['get', '-tool', `${main}@${version}`], { cwd: source, env })
    const flags = linkerFlags(variables)
    await runProgram('go', ['build', '-trimpath', compilerFlags(isBuiltPlainly), '-ldflags', flags, '-o', `${path}.new`, main], {
      cwd: source,
      env,
    })
    renameSync(`${path}.new`, path)
    writeFileSync(stamp, wanted)
    return path
  })
}

/** Nobody debugs them. */
export const compilerFlags = (isBuiltPlainly = false): string => `-gcflags=all=-dwarf=false${isBuiltPlainly ? ' -N -l' : ''}`

/** Without symbols, and with these variables set. */
export function linkerFlags(variables: Readonly<Record<string, string>>): string {
  return ['-s', '-w', ...Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`)].join(' ')
}

interface DownloadedModule {
  readonly Dir: string
  readonly GoMod: string
}

/** The unpacked source of a module at a version, as the proxy has it: its files may be read, not changed. */
export async function goModule(module: string, version: string): Promise<{ readonly folder: string; readonly goMod: string }> {
  const said = await answerOf('go', ['mod', 'download', '-json', `${module}@${version}`], {
    cwd: cacheFolder('go'),
    deadlineMs: 600_000,
  })
  const { Dir, GoMod } = JSON.parse(said) as DownloadedModule
  return { folder: Dir, goMod: GoMod }
}
