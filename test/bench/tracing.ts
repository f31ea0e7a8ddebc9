/**
 * What tracing costs: CPU for a message with tracing off, and with 10 % of the traces sampled (the others are recorded and dropped),
 * interleaved, either first in turns, medians. Four checks enforced, the embedded gateway, 10 KiB.
 *
 *   node test/bench/tracing.ts [--rounds 5] [--messages 6000] [--out tracing]
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureForm } from './distributed/form.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    messages: { type: 'string', default: '6000' },
    out: { type: 'string', default: 'tracing' },
  },
})

/** Takes whatever is exported. */
let exports = 0
const collector = createServer((request, response) => {
  exports++
  request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end())
})
await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`

interface Row {
  readonly tracing: 'off' | '10 %'
  readonly cpuSecondsPer1000: number
  readonly perSecond: number
  readonly p50Ms: number
}
const rows: Row[] = []
for (let round = 0; round < Number(values.rounds); round++) {
  // In turns which of them is first: what warms up favours neither.
  for (const tracing of round % 2 === 0 ? (['off', '10 %'] as const) : (['10 %', 'off'] as const)) {
    const settings = tracing === 'off' ? {} : { 'tracing.endpoint': endpoint, 'tracing.ratio': '0.1' }
    const { cpuSecondsPer1000, perSecond, manyClients } = await measureForm('embedded', Number(values.messages), { settings })
    const row = { tracing, cpuSecondsPer1000: cpuSecondsPer1000['all roles'] ?? Number.NaN, perSecond, p50Ms: manyClients.p50Ms }
    rows.push(row)
    process.stdout.write(`${JSON.stringify(row)}\n`)
  }
}
collector.close()
if (exports === 0) throw new Error('nothing was exported: what was measured is not tracing')
const median = (tracing: string, field: 'cpuSecondsPer1000' | 'perSecond' | 'p50Ms'): number =>
  rows
    .filter((row) => row.tracing === tracing)
    .map((row) => row[field])
    .toSorted((a, b) => a - b)[Math.floor(rows.length / 4)] ?? Number.NaN
const line = (tracing: 'off' | '10 %'): string =>
  `| ${tracing} | ${median(tracing, 'cpuSecondsPer1000')} | ${median(tracing, 'perSecond')} | ${median(tracing, 'p50Ms')} |`
const ratio = (median('10 %', 'cpuSecondsPer1000') / median('off', 'cpuSecondsPer1000')).toFixed(3)
const load = readFileSync('/proc/loadavg', 'utf8').split(' ')[0]
const table = `# What tracing costs

${values.rounds} interleaved rounds of ${values.messages} messages of 10 KiB, four checks enforced, medians; load ${load} at the end.

| tracing | CPU s/1,000 | messages/s | DATA→250 p50 ms (20 clients) |
| --- | --- | --- | --- |
${line('off')}
${line('10 %')}

CPU with tracing ÷ without: **${ratio}**
`
const results = join(import.meta.dirname, 'results')
writeFileSync(join(results, `${values.out}.json`), `${JSON.stringify(rows, null, 1)}\n`)
writeFileSync(join(results, `${values.out}.md`), table)
process.stdout.write(table)
