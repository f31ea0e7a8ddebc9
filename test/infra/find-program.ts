/** Where a program of the system is: those of servers stand in sbin, which a user's PATH may lack. */
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'

/** The path of the program, or undefined where it is not installed. */
export function findProgram(name: string): string | undefined {
  return [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/bin']
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
