/** What a gateway's metrics say of its records. */

export interface Intake {
  /** Events stored since the start. */
  readonly events: number
  /** Events that wait for the records; looked at every 5 s. */
  readonly lag: number
}

export async function intakeOf(healthPort: number): Promise<Intake> {
  const text = await (await fetch(`http://127.0.0.1:${healthPort}/metrics`)).text()
  const readingOf = (line: RegExp): number => Number(line.exec(text)?.[1] ?? Number.NaN)
  const [events, lag] = [
    readingOf(/^sallyport_console_events_total(?:{[^}]*})? (\S+)/m),
    readingOf(/^sallyport_bus_lag_records{[^}]*group="console-[^}]*} (\S+)/m),
  ]
  if (Number.isNaN(events) || Number.isNaN(lag)) throw new Error(`no lag or count of events among the metrics:\n${text}`)
  return { events, lag }
}
