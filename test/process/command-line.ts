/** `sallyport` against a running gateway, in this process: what it writes to its two streams, and how it would end. */
import { printTo, run } from '@sallyport/cli'
import type { GatewayProcess } from './gateway-process.ts'

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

export type CommandLine = (...words: readonly string[]) => Promise<Ran>

/** On a terminal it shows how far it has come. */
export const commandLine =
  (gateway: () => Pick<GatewayProcess, 'addresses' | 'token'>, { isTTY = false } = {}): CommandLine =>
  async (...words) => {
    const { addresses, token } = gateway()
    const written = { out: '', err: '' }
    const to = (stream: keyof typeof written) => ({
      isTTY,
      write(text: string) {
        written[stream] += text
      },
    })
    const environment = { SALLYPORT_URL: `http://${addresses.console}`, SALLYPORT_TOKEN: token() }
    const code = await run(words, { environment, author: 'ann', print: printTo(to('out'), to('err')) })
    return { code, ...written }
  }
