/**
 * Everything that needs no server: format, lint, types, dead code in one lane; the unit tests, among them the laws of the
 * architecture, beside it. `npm run check`, which finds the programs
 */
import { runInOnePiece } from './run-in-one-piece.ts'

/** Each checker works out anew the types that they share: four of them need half as much again of processor time. */
const oneChecker = ['--checkers', '1']
const steps: readonly (readonly string[])[] = [
  ['biome', 'ci', '--colors=off', '--error-on-warnings', '.'],
  ['tsc', ...oneChecker, '-p', 'tsconfig.json'],
  ['tsc', ...oneChecker, '-p', 'services/console/web/tsconfig.json'],
  ['knip', '--no-config-hints'],
]

/** True where it exits with 0. */
async function passes([program = '', ...words]: readonly string[]): Promise<boolean> {
  const isRight = (await runInOnePiece(program, words)) === 0
  if (!isRight) process.stdout.write(`failed: ${[program, ...words].join(' ')}\n`)
  return isRight
}

async function allPass(): Promise<boolean> {
  let all = true
  for (const step of steps) all = (await passes(step)) && all
  return all
}

const results = await Promise.all([passes([process.execPath, 'test/unit.ts']), allPass()])
process.exitCode = results.every(Boolean) ? 0 : 1
