/**
 * Everything that needs no server: format, lint, types, dead code in one lane; the unit tests, among them the laws of the
 * architecture, beside it. What a step says is shown when it has ended, in one piece. `node test/check.ts`
 */
import { spawn } from 'node:child_process'

const steps: readonly (readonly string[])[] = [
  ['biome', 'ci', '--colors=off', '--error-on-warnings', '.'],
  ['tsc', '-p', 'tsconfig.json'],
  ['tsc', '-p', 'services/console/web/tsconfig.json'],
  ['knip', '--no-config-hints'],
]

/** True where it exits with 0. */
function passes([program = '', ...words]: readonly string[]): Promise<boolean> {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] })
  const said: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
  return new Promise((resolve) => {
    child.once('error', (error) => {
      process.stderr.write(`${program}: ${error.message}; run it by "npm run check", which finds it\n`)
      resolve(false)
    })
    child.once('close', (code) => {
      process.stdout.write(Buffer.concat(said))
      if (code !== 0) process.stdout.write(`failed: ${[program, ...words].join(' ')}\n`)
      resolve(code === 0)
    })
  })
}

async function allPass(): Promise<boolean> {
  let all = true
  for (const step of steps) all = (await passes(step)) && all
  return all
}

const results = await Promise.all([passes([process.execPath, 'test/unit.ts']), allPass()])
process.exitCode = results.every(Boolean) ? 0 : 1
