/** `sallyport plan FILE`: what applying the file would change. */
import { type PolicyChangeLine, type PolicyChecked, policyCheckedSchema } from '@sallyport/contracts'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit.ts'
import { printFaults, printWarnings, readPolicyText } from '../policy-text.ts'

export const plan: Command = {
  usage: 'plan FILE [--json]',
  about: 'show what applying FILE would change; exit code 3 where it has faults',
  words: 1,
  flags: ['json'],
  async run({ api, print, words: [path = ''], flags }) {
    const headers = { 'content-type': 'application/yaml' }
    const question = { method: 'POST', path: '/api/policy/check', headers, body: await readPolicyText(path) } as const
    const checked: PolicyChecked = await api.json(policyCheckedSchema, question)
    if (flags.json) print.raw(JSON.stringify(checked))
    else if (checked.valid) {
      printWarnings(print, checked.warnings)
      for (const line of changeLines(checked.changes)) print.line(line)
      print.line(summary(checked, path))
    } else printFaults(print, path, { ...problem, faults: checked.faults, warnings: checked.warnings })
    return checked.valid ? exitCodes.ok : exitCodes.refused
  },
}

const problem = { type: '', title: '', status: 422, detail: '', code: 'POLICY_INVALID' }
export const changeLines = (changes: readonly PolicyChangeLine[]): string[] => changes.map(changeLine)

function changeLine({ kind, path, before, after }: PolicyChangeLine): string {
  switch (kind) {
    case 'added':
      return `+ ${path}: ${JSON.stringify(after)}`
    case 'removed':
      return `- ${path}: ${JSON.stringify(before)}`
    case 'changed':
      return `~ ${path}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}`
  }
}

function summary({ changes, from }: PolicyChecked, path: string): string {
  if (changes.length === 0) return `${path} changes nothing upon revision ${from}`
  const count = (kind: PolicyChangeLine['kind']): number => changes.filter((change) => change.kind === kind).length
  return `${count('added')} added, ${count('changed')} changed, ${count('removed')} removed upon revision ${from}: sallyport apply ${path} --if-revision ${from}`
}
