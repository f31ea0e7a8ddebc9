/** `sallyport apply FILE`: makes the file the next policy revision. */
import { policyAppliedSchema } from '@sallyport/contracts'
import type { ApiClient, Question } from '../api-client.ts'
import type { Command } from '../command.ts'
import { exitCodes, Stop } from '../exit.ts'
import { printFaults, printWarnings, readPolicyText } from '../policy-text.ts'

export const apply: Command = {
  usage: 'apply FILE [--reason TEXT] [--if-revision N]',
  about: 'make FILE the policy; with --if-revision only on top of that revision',
  words: 1,
  flags: ['reason', 'if-revision'],
  async run({ api, print, words: [path = ''], flags }) {
    const body = await readPolicyText(path)
    const ifMatch = flags['if-revision'] === undefined ? await currentTag(api) : `"${wholeNumber(flags['if-revision'])}"`
    const question: Question = {
      method: 'PUT',
      path: `/api/policy?${new URLSearchParams(flags.reason === undefined ? {} : { reason: flags.reason })}`,
      headers: { 'if-match': ifMatch, 'content-type': 'application/yaml' },
      body,
    }
    const answer = await api.ask(question, [412, 422])
    if (!answer.ok) {
      if (answer.problem.status === 422) printFaults(print, path, answer.problem)
      else print.error(conflict(answer.problem.currentRevision))
      return exitCodes.refused
    }
    const applied = api.parse(policyAppliedSchema, answer.text)
    printWarnings(print, applied.warnings)
    print.line(`revision ${applied.revision} holds${applied.changed ? '' : ` already: ${path} changes nothing`}`)
    return exitCodes.ok
  },
}

async function currentTag(api: ApiClient): Promise<string> {
  const answer = await api.ask({ path: '/api/policy' }, [404])
  return (answer.ok ? answer.etag : undefined) ?? '"0"'
}

const conflict = (revision: number | undefined): string =>
  `the policy is at revision ${revision} by now, so that nothing was changed: see what is new with "sallyport policy", and apply again`

function wholeNumber(text: string): string {
  if (/^\d{1,15}$/.test(text)) return text
  throw new Stop(exitCodes.usage, `--if-revision takes the number of a revision, not "${text}"`)
}
