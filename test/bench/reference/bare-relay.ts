/**
 * The least that a gateway on this runtime and store does: an SMTP dialogue that looks at nothing, one write of the content, flushed
 * before the 250 and shared with the others of its moment, and a relay over kept connections that pipelines. No checks, no bus, no records, no metrics,
 * and nothing handled that goes wrong. A ceiling for the bench, and no gateway: `node bare-relay.ts PORT SINK_PORT FOLDER`.
 */
import { randomBytes } from 'node:crypto'
import { connect, createServer, type Socket } from 'node:net'
import { type Environment, openEnvironment } from '@sallyport/lmdb'

interface Mail {
  readonly from: string
  readonly to: string
  /** As it came over the wire: dots stuffed, with its end. */
  readonly wire: Buffer
}

const endOfData = Buffer.from('\r\n.\r\n')

/** One kept connection to the next hop, one message at a time. */
class Lane {
  readonly #socket: Socket
  #awaited = 0
  #onReplies = (): void => {}

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1').setNoDelay(true)
    this.#socket.on('data', (chunk: Buffer) => {
      for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1)) this.#awaited--
      if (this.#awaited <= 0) this.#onReplies()
    })
  }

  /** Resolves with the last of so many reply lines. */
  ask(words: string | Buffer, replyLines: number): Promise<void> {
    this.#awaited += replyLines
    if (words.length > 0) this.#socket.write(words)
    return new Promise((resolve) => {
      this.#onReplies = resolve
    })
  }

  async greet(): Promise<void> {
    await this.ask('', 1)
    await this.ask('HELO bench.example\r\n', 1)
  }

  async send({ from, to, wire }: Mail): Promise<void> {
    await this.ask(`MAIL FROM:${from}\r\nRCPT TO:${to}\r\nDATA\r\n`, 3)
    await this.ask(wire, 1)
  }
}

/** Mail that waits for a lane, and lanes that wait for mail. */
class Relay {
  readonly #waiting: Mail[] = []
  readonly #free: Lane[] = []

  async open(port: number, lanes: number): Promise<void> {
    for (let index = 0; index < lanes; index++) {
      const lane = new Lane(port)
      await lane.greet()
      this.#free.push(lane)
    }
  }

  add(mail: Mail): void {
    const lane = this.#free.pop()
    if (lane) void this.#work(lane, mail)
    else this.#waiting.push(mail)
  }

  async #work(lane: Lane, first: Mail): Promise<void> {
    for (let mail: Mail | undefined = first; mail; mail = this.#waiting.shift()) await lane.send(mail)
    this.#free.push(lane)
  }
}

function serve(socket: Socket, store: (mail: Mail) => Promise<void>): void {
  let line = ''
  let from = ''
  let to = ''
  let pieces: Buffer[] | undefined
  const reply = (text: string): void => void socket.write(`${text}\r\n`)
  const command = (words: string): void => {
    const verb = words.slice(0, 4).toUpperCase()
    if (verb === 'MAIL') from = words.slice(10)
    else if (verb === 'RCPT') to = words.slice(8)
    else if (verb === 'DATA') pieces = []
    else if (verb === 'QUIT') {
      socket.end('221 bye\r\n')
      return
    }
    reply(pieces ? '354 go on' : '250 ok')
  }
  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    if (!pieces) {
      const lines = (line + chunk.toString('latin1')).split('\r\n')
      line = lines.pop() ?? ''
      for (const words of lines) command(words)
      return
    }
    pieces.push(chunk)
    const last = chunk.length >= endOfData.length ? chunk : Buffer.concat(pieces)
    if (!last.subarray(-endOfData.length).equals(endOfData)) return
    const wire = pieces.length === 1 ? chunk : Buffer.concat(pieces)
    pieces = undefined
    void store({ from, to, wire }).then(() => reply('250 kept'))
  })
  reply('220 bench.example')
}

async function main([port = '', sinkPort = '', folder = '']: readonly string[]): Promise<void> {
  const environment: Environment = await openEnvironment({ path: folder })
  const table = environment.table('mail', { isReadInWrites: false })
  const relay = new Relay()
  await relay.open(Number(sinkPort), 20)
  let stored = 0
  const run = randomBytes(4)
  const store = async (mail: Mail): Promise<void> => {
    const key = Buffer.alloc(8, run)
    key.writeUInt32BE(stored++, 4)
    await environment.write((transaction) => transaction.put(table, key, mail.wire), { durable: true })
    relay.add(mail)
    // Never flushed by itself: it goes with the next one's.
    void environment.write((transaction) => transaction.delete(table, key))
  }
  createServer((socket) => serve(socket, store)).listen(Number(port), '127.0.0.1')
}

await main(process.argv.slice(2))
