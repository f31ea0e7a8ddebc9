/**
 * The distributed gateway beside the embedded one: messages/s until the last is at the next hop, DATA→250, CPU of each process,
 * interleaved, medians. All on one machine: a broker, Redis, an object store, eight processes, source and sink share its cores.
 *
 *   node test/bench/distributed.ts [--rounds 3] [--messages 3000] [--checker-messages 4000] [--only forms,hops,checkers] [--forms embedded,distributed] [--out distributed]
 *
 * `--profile FOLDER` writes CPU profiles of every process of the gateway there (`--only forms --rounds 1`).
 *
 * Needs what `npm run test:distributed` needs. Writes results/<out>.json and results/<out>.md.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkerRates } from './distributed/checker-rates.ts'
import { type FormRow, measureForm } from './distributed/form.ts'
import { type HopRow, measureHops } from './distributed/hops.ts'
import { distributedTable } from './distributed/table.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    messages: { type: 'string', default: '3000' },
    'checker-messages': { type: 'string', default: '4000' },
    only: { type: 'string', default: 'forms,hops,checkers' },
    forms: { type: 'string', default: 'embedded,distributed' },
    profile: { type: 'string' },
    out: { type: 'string', default: 'distributed' },
  },
})
const rounds = Number(values.rounds)
const say = (row: unknown): void => void process.stdout.write(`${JSON.stringify(row)}\n`)
const isWanted = (part: string): boolean => values.only.split(',').includes(part)
const wantedForms = (['embedded', 'distributed'] as const).filter((form) => values.forms.split(',').includes(form))
const forms: FormRow[] = []
for (let round = 0; round < (isWanted('forms') ? rounds : 0); round++) {
  for (const form of wantedForms) {
    const row = await measureForm(form, Number(values.messages), values.profile === undefined ? {} : { profile: values.profile })
    forms.push(row)
    say(row)
  }
}
const hops: HopRow[] = []
for (const form of isWanted('hops') ? wantedForms : []) hops.push(...(await measureHops(form)))
say(hops)
const checkers = isWanted('checkers') ? await checkerRates(Number(values['checker-messages']), rounds, say) : []
const load = readFileSync('/proc/loadavg', 'utf8').split(' ')[0]
const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'CPU'}, shared by source, sink, servers and gateway; ${rounds} interleaved rounds, medians; load ${load} at the end`
const results = join(import.meta.dirname, 'results')
writeFileSync(join(results, `${values.out}.json`), `${JSON.stringify({ machine, forms, hops, checkers }, null, 1)}\n`)
const table = distributedTable(forms, hops, checkers)
writeFileSync(join(results, `${values.out}.md`), `# The distributed gateway beside the embedded one\n\n${machine}.\n\n${table}\n`)
say(table)
