/** A policy file, and what the API says about it. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { PolicyFault, Problem } from '@sallyport/contracts'
import { exitCodes, Stop } from './exit.ts'
import type { Print } from './print.ts'

/** The text of the file, `-` for standard input. Throws `Stop`. */
export async function readPolicyText(path: string): Promise<string> {
  try {
    return await readFile(path === '-' ? '/dev/stdin' : path, 'utf8')
  } catch (cause) {
    throw new Stop(exitCodes.failure, `${resolve(path)} cannot be read: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    })
  }
}

export function printFaults(print: Print, path: string, problem: Problem): void {
  const faults = problem.faults ?? []
  print.error(`${path} has ${faults.length} fault${faults.length === 1 ? '' : 's'}; nothing was changed:`)
  for (const fault of faults) print.error(`  ${faultLine(fault)}`)
  printWarnings(print, problem.warnings ?? [])
}

export function printWarnings(print: Print, warnings: readonly PolicyFault[]): void {
  for (const warning of warnings) print.error(`warning: ${faultLine(warning)}`)
}

function faultLine({ line, path, message, hint }: PolicyFault): string {
  return `${line === undefined ? '' : `line ${line}, `}${path}: ${message}. ${hint}`
}
