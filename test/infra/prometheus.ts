/** Debian's Prometheus on loopback, which scrapes what it is told every second and keeps exemplars. */
import { writeFileSync } from 'node:fs'
import { freePort, temporaryFolder } from '@sallyport/testkit'
import { findProgram } from './find-program.ts'
import { startServer } from './server-process.ts'

const program = findProgram('prometheus')
/** Why tests with Prometheus are skipped here, or false. */
export const prometheusMissing = program === undefined && 'prometheus is not installed (Debian: prometheus)'

interface ExemplarSeries {
  readonly seriesLabels: Readonly<Record<string, string>>
  readonly exemplars: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: string }[]
}

export interface Prometheus {
  /** The value of the first series of an instant query; undefined where there is none. */
  value(query: string): Promise<number | undefined>
  exemplars(query: string): Promise<readonly ExemplarSeries[]>
  /** What it complained of at its last scrapes; '' where nothing. */
  scrapeError(): Promise<string>
  stop(): Promise<void>
}

/** `target`: host:port with `/metrics`. */
export async function startPrometheus(target: string): Promise<Prometheus> {
  const folder = temporaryFolder('sallyport-prometheus-')
  const port = await freePort()
  const configuration = {
    global: { scrape_interval: '1s', scrape_timeout: '1s' },
    scrape_configs: [{ job_name: 'sallyport', static_configs: [{ targets: [target] }] }],
  }
  writeFileSync(folder.join('prometheus.yml'), JSON.stringify(configuration))
  const url = `http://127.0.0.1:${port}`
  const server = await startServer({
    program: program ?? 'prometheus',
    words: [
      `--config.file=${folder.join('prometheus.yml')}`,
      `--storage.tsdb.path=${folder.join('data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--enable-feature=exemplar-storage',
      '--log.level=warn',
    ],
    answers: () =>
      fetch(`${url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
  }).catch((error: unknown) => {
    folder.remove()
    throw error
  })
  async function ask<T>(path: string): Promise<T> {
    const answer = await fetch(`${url}/api/v1/${path}`)
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return ((await answer.json()) as { readonly data: T }).data
  }
  return {
    async value(query) {
      const { result } = await ask<{ readonly result: readonly { readonly value: readonly [number, string] }[] }>(
        `query?query=${encodeURIComponent(query)}`,
      )
      return result[0] && Number(result[0].value[1])
    },
    exemplars(query) {
      const now = Date.now() / 1000
      return ask(`query_exemplars?query=${encodeURIComponent(query)}&start=${now - 3_600}&end=${now + 60}`)
    },
    async scrapeError() {
      const { activeTargets } = await ask<{ readonly activeTargets: readonly { readonly lastError: string }[] }>('targets')
      return activeTargets.map(({ lastError }) => lastError).join('; ')
    },
    stop: () => server.stop().finally(() => folder.remove()),
  }
}
