/** The application that is measured: a message now and then on one kept connection, and how long each took. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { replyReader } from '../latency.ts'
import { messageOf, recipient, sender } from '../workload.ts'

export interface Times {
  /** End of DATA → 250. */
  readonly replyMs: number[]
  /** End of DATA → at the next hop. */
  readonly arrivedMs: number[]
}

const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6

export interface TimedSink {
  /** When the probe of this number came, on the clock of `nowMs`. */
  arrival(probe: number): Promise<number>
  stop(): Promise<void>
}

export async function startTimedSink(port: number): Promise<TimedSink> {
  const child: ChildProcess = fork(join(import.meta.dirname, 'timed-sink.ts'), [String(port)])
  const arrived = new Map<number, number>()
  await once(child, 'message')
  child.on('message', (told: { readonly probe: number; readonly atMs: number }) => arrived.set(told.probe, told.atMs))
  return {
    async arrival(probe) {
      for (const began = nowMs(); nowMs() - began < 120_000; await sleep(5)) {
        const atMs = arrived.get(probe)
        if (atMs !== undefined) return atMs
      }
      throw new Error(`probe ${probe} never came to the next hop`)
    },
    async stop() {
      child.kill()
      await once(child, 'exit')
    },
  }
}

export interface Probe {
  /** Sends until `isOver`, waits for what is under way, and resolves with how long each took. */
  run(isOver: () => boolean): Promise<Times>
  close(): void
}

let probes = 0

/** `pauseMs` between a reply and the next message. */
export async function startProbe(port: number, sink: TimedSink, pauseMs: number): Promise<Probe> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true)
  const replies = replyReader(socket)
  const say = async (text: string, expected: string): Promise<void> => {
    socket.write(text)
    const reply = await replies()
    if (!reply.startsWith(expected)) throw new Error(`expected ${expected}, got ${reply}`)
  }
  const body = `${messageOf('10k').replaceAll('\n', '\r\n')}.\r\n`
  await replies()
  await say('EHLO quiet.example\r\n', '250')
  return {
    async run(isOver) {
      const replyMs: number[] = []
      const arrivals: Promise<number>[] = []
      do {
        await say(`MAIL FROM:<${sender}>\r\n`, '250')
        await say(`RCPT TO:<${recipient}>\r\n`, '250')
        await say('DATA\r\n', '354')
        const probe = ++probes
        const began = nowMs()
        await say(`X-Probe: ${probe}\r\n${body}`, '250')
        replyMs.push(nowMs() - began)
        arrivals.push(sink.arrival(probe).then((atMs) => atMs - began))
        await sleep(pauseMs)
      } while (!isOver())
      return { replyMs, arrivedMs: await Promise.all(arrivals) }
    },
    close: () => void socket.end('QUIT\r\n'),
  }
}
