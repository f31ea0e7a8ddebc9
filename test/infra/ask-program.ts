/** Runs a program for what it answers. */
import { spawn } from 'node:child_process'

export interface Answer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface Question {
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** SIGKILL after this. Default 120 s. */
  readonly deadlineMs?: number
}

/** Resolves with its exit code, also where it fails. */
export function askProgram(program: string, words: readonly string[], question: Question = {}): Promise<Answer> {
  const { env, cwd, input = '', deadlineMs = 120_000 } = question
  const child = spawn(program, [...words], { cwd, env: { ...process.env, ...env }, timeout: deadlineMs, killSignal: 'SIGKILL' })
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text
    })
  // It may end before it has read everything; its answer says why.
  child.stdin.on('error', () => undefined).end(input)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 128, ...said }))
  })
}

/** What it says on stdout. Rejects with all it said where it fails. */
export async function answerOf(program: string, words: readonly string[], question: Question = {}): Promise<string> {
  const { code, stdout, stderr } = await askProgram(program, words, question)
  if (code !== 0) throw new Error(`${program} ${words.join(' ')} ended with ${code}:\n${stderr}${stdout.slice(-10_000)}`)
  return stdout
}
