/**
 * The distributed gateway beside the embedded one: messages/s until the last is at the next hop, DATA→250, CPU of each process,
 * interleaved, medians. All on one machine: a broker, Redis, an object store, eight processes, source and sink share its cores.
 *
 *   node test/bench/distributed.ts [--rounds 3] [--messages 3000] [--checker-messages 4000] [--out distributed]
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
    out: { type: 'string', default: 'distributed' },
  },
})
const rounds = Number(values.rounds)
const say = (row: unknown): void => void process.stdout.write(`${JSON.stringify(row)}\n`)
const forms: FormRow[] = []
for (let round = 0; round < rounds; round++) {
  for (const form of ['embedded', 'distributed'] as const) {
    const row = await measureForm(form, Number(values.messages))
    forms.push(row)
    say(row)
  }
}
const hops: HopRow[] = []
for (const form of ['embedded', 'distributed'] as const) hops.push(...(await measureHops(form)))
say(hops)
const checkers = await checkerRates(Number(values['checker-messages']), rounds, say)
const load = readFileSync('/proc/loadavg', 'utf8').split(' ')[0]
const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'CPU'}, shared by source, sink, servers and gateway; ${rounds} interleaved rounds, medians; load ${load} at the end`
const results = join(import.meta.dirname, 'results')
writeFileSync(join(results, `${values.out}.json`), `${JSON.stringify({ machine, forms, hops, checkers }, null, 1)}\n`)
const table = distributedTable(forms, hops, checkers)
writeFileSync(join(results, `${values.out}.md`), `# The distributed gateway beside the embedded one\n\n${machine}.\n\n${table}\n`)
say(table)
