/** `sallyport export-queue FOLDER`: the way out. Every accepted message that has not left, as a file with its envelope beside it. */
import { mkdir, open, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { quarantineSchema, queueSchema } from '@sallyport/contracts'
import { extract } from 'tar-stream'
import type { ApiClient } from '../api-client.ts'
import type { Command } from '../command.ts'
import { exitCodes, Stop } from '../exit.ts'
import type { Progress } from '../progress.ts'

export const exportQueue: Command = {
  usage: 'export-queue FOLDER [--json]',
  about: 'write every accepted message that has not left to FOLDER, as ID.eml with its envelope ID.json',
  words: 1,
  flags: ['json'],
  async run({ api, print, words: [folder = ''], flags }) {
    await makeEmpty(folder)
    const bar = print.progress('messages', await expected(api))
    try {
      const messages = await writeAll(folder, await api.stream({ path: '/api/queue/export' }), bar)
      if (flags.json) print.raw(JSON.stringify({ folder, messages }))
      else print.line(`${messages} messages are in ${folder}`)
      return exitCodes.ok
    } finally {
      bar.end()
    }
  },
}

async function expected(api: ApiClient): Promise<number> {
  const { messages } = await api.json(queueSchema, { path: '/api/queue' })
  const { total } = await api.json(quarantineSchema, { path: '/api/quarantine?limit=1' })
  return messages + total
}

async function makeEmpty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if ((await readdir(folder)).length > 0) throw new Stop(exitCodes.usage, `${folder} is not empty: name a new folder`)
}

/** Resolves with how many there were. Throws `Stop` where the archive is not whole; what was written stays. */
async function writeAll(folder: string, body: ReadableStream<Uint8Array>, bar: Progress): Promise<number> {
  const archive = extract()
  let messages = 0
  let promised: number | undefined
  const reading = Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0])
  reading.on('error', (error) => archive.destroy(error))
  reading.pipe(archive)
  try {
    for await (const entry of archive) {
      const { name } = entry.header
      if (name === 'complete') promised = Number(await text(bytesOf(entry)))
      else {
        await writeFile(folder, name, bytesOf(entry))
        if (name.endsWith('.eml')) bar.at(++messages)
      }
    }
  } catch (cause) {
    throw new Stop(
      exitCodes.failure,
      `the export broke off after ${messages} messages: ${String(cause)}: try again with another folder`,
      { cause },
    )
  }
  if (promised === messages) return messages
  throw new Stop(exitCodes.failure, `the export is not whole, ${messages} messages came: try again with another folder`)
}

async function* bytesOf(entry: AsyncIterable<unknown>): AsyncIterable<Uint8Array> {
  for await (const chunk of entry) {
    if (!(chunk instanceof Uint8Array)) throw new Error('the archive has no bytes')
    yield chunk
  }
}

async function text(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(chunks)).toString()
}

/** The file appears whole, or not. */
async function writeFile(folder: string, name: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  if (!/^[0-9a-f-]{36}\.(eml|json)$/.test(name)) throw new Error(`an entry is named ${JSON.stringify(name)}`)
  const path = join(folder, name)
  const file = await open(`${path}.part`, 'wx', 0o600)
  try {
    for await (const chunk of chunks) await file.write(chunk)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.part`, path)
}
