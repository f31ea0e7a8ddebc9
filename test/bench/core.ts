/** On which core this process runs, and whatever it starts from now on: Linux, through `taskset`. */
import { execFileSync } from 'node:child_process'

/** Cores for a run in which the system is alone on its core. */
export const cores = { system: 0, load: 1 } as const

export function moveTo(core: number): void {
  execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(core), String(process.pid)], { stdio: 'ignore' })
}
