/** The records under load as a table, with what is required beside it. */

export interface LoadRow {
  readonly store: 'sqlite' | 'postgresql'
  readonly seconds: number
  readonly messagesPerSecond: number
  readonly eventsPerSecond: number
  /** Events that wait for the records, each second. */
  readonly lags: readonly number[]
  readonly drainedAfterSeconds: number
  /** Messages, from the start. */
  readonly accepted: number
  readonly eventsInAll: number
  /** DATA→250. */
  readonly p50Ms: number
  readonly p99Ms: number
  /** CPU seconds. */
  readonly gatewayCpuPer1000: number
  readonly serverCpuPer1000: number | null
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(1))
}

const wanted = 2_000

/** Of the first and of the last third: what keeps up has no more at the end. */
function ends(lags: readonly number[]): { readonly first: number; readonly last: number; readonly max: number } {
  const third = Math.max(1, Math.floor(lags.length / 3))
  return { first: percentile(lags.slice(0, third), 0.5), last: percentile(lags.slice(-third), 0.5), max: Math.max(...lags) }
}

export function loadTable(rows: readonly LoadRow[], machine: string): string {
  const lines = rows.map((row) => {
    const { first, last, max } = ends(row.lags)
    const holds = row.eventsPerSecond >= wanted && last <= Math.max(2 * first, row.eventsPerSecond) ? 'yes' : '**no**'
    const cells = [
      row.store === 'sqlite' ? 'SQLite' : 'PostgreSQL 15',
      row.seconds,
      row.messagesPerSecond,
      row.eventsPerSecond,
      `${first} → ${last} (max ${max})`,
      `${row.drainedAfterSeconds} s`,
      `${row.p50Ms} / ${row.p99Ms}`,
      row.gatewayCpuPer1000,
      row.serverCpuPer1000 ?? '–',
      holds,
    ]
    return `| ${cells.join(' | ')} |`
  })
  const counts = rows.map(
    ({ store, accepted, eventsInAll }) =>
      `${store}: ${eventsInAll} events of ${accepted} messages in all, ${(eventsInAll / accepted).toFixed(2)} each`,
  )
  return `# The records beside the gateway's own load

Messages of 10 KiB over SMTP into the embedded gateway, two checks enforced, delivered to \`smtp-sink\`, while its records take the events.
${machine}. Written by \`node test/bench/records-load.ts\`.

| store | seconds | messages/s | events/s stored | events that wait: first third → last third | all stored after the load | DATA→250 p50 / p99 ms | gateway CPU s/1,000 messages | PostgreSQL CPU s/1,000 | ${wanted.toLocaleString('en')} events/s hold |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${lines.join('\n')}

${counts.join('; ')}. What waits is looked at by the gateway every 5 s, and stands for up to 0.8 s of events that are stored together.
`
}
