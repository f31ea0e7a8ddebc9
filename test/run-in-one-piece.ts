/** Runs a program beside others: what it says is shown when it has ended, in one piece. */
import { spawn } from 'node:child_process'

/** Resolves with the exit code; with 1 where it could not be started, which is said, or was ended by a signal. */
export function runInOnePiece(program: string, words: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], env })
  const said: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
  return new Promise((resolve) => {
    child.once('error', (error) => {
      process.stderr.write(`${program}: ${error.message}\n`)
      resolve(1)
    })
    child.once('close', (code) => {
      process.stdout.write(Buffer.concat(said))
      resolve(code ?? 1)
    })
  })
}
