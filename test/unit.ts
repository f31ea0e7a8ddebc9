/**
 * Runs every unit test. The files of a group share a process: starting one costs more than most files' tests. All groups run
 * beside each other: some wait most of the time, for disks and timers. `node test/unit.ts`
 */
import { globSync } from 'node:fs'
import { runInOnePiece } from './run-in-one-piece.ts'

/** Beside each other the groups leave no processor idle for the threads of a collector; a nursery of this size collects seldom. */
const memory = ['--max-semi-space-size=64', '--single-threaded-gc']
/** What is compiled, and stripped of its types, once is not again. */
const compileCache = 'node_modules/.cache/compiled'
/** By how their paths begin; what fits none is the last group. */
const groups: readonly (readonly string[])[] = [
  ['libs/bus/src/embedded/embedded-bus.test.ts', 'libs/bus/src/embedded/worker-bus.test.ts'],
  ['libs/bus/', 'libs/lmdb/'],
  ['libs/content/', 'libs/limiter/', 'libs/records/', 'services/console/', 'services/cli/'],
  ['libs/mail/', 'libs/policy/', 'services/spam-scoring/'],
  ['libs/'],
  ['services/ingress/', 'services/delivery/'],
  ['services/', 'test/'],
]
const patterns = [
  'libs/*/src/**/*.test.ts',
  'services/*/src/**/*.test.ts',
  'services/console/web/src/**/*.test.ts',
  'test/architecture/*.test.ts',
  'test/quality/*.test.ts',
  'test/deploy/facts/*.test.ts',
]

const left = new Set(patterns.flatMap((pattern) => globSync(pattern)).sort())
const processes = groups.map((prefixes) => {
  const files = [...left].filter((file) => prefixes.some((prefix) => file.startsWith(prefix)))
  for (const file of files) left.delete(file)
  return files
})
if (left.size > 0) throw new Error(`in no group: ${[...left].join(', ')}`)

/** Resolves with the exit code. */
const run = (files: readonly string[]): Promise<number> =>
  runInOnePiece(
    process.execPath,
    [...memory, '--test', '--test-isolation=none', '--test-force-exit', '--test-timeout=60000', ...files],
    {
      NODE_COMPILE_CACHE: compileCache,
      ...process.env,
    },
  )

process.exitCode = Math.max(...(await Promise.all(processes.filter((files) => files.length > 0).map(run))))
