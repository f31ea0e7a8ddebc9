/** `sallyport backup FILE` and `restore FILE`: the policy, and the events that the records are made of, as gzipped lines of JSON. */
import { createReadStream } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { policyAppliedSchema, restoredSchema } from '@sallyport/contracts'
import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import type { Call, Command } from '../command.ts'
import { type ExitCode, exitCodes, Stop } from '../exit.ts'

const headSchema = Type.Object({
  sallyport: Type.Literal('backup'),
  v: Type.Literal(1),
  at: Type.String(),
  policy: Type.Unknown({ description: 'the document; null where there was none' }),
})
const endSchema = Type.Object({ sallyport: Type.Literal('end'), events: Type.Integer() })

/** Room below the 1 MiB that a request may have. */
const requestBytes = 900_000

export const backup: Command = {
  usage: 'backup FILE [--json]',
  about: 'write the policy and the records to FILE (gzip); accepted mail is no part of it: see export-queue',
  words: 1,
  flags: ['json'],
  async run({ api, print, words: [path = ''], flags }) {
    const policy = await api.ask({ path: '/api/policy' }, [404])
    const bar = print.progress('events')
    let events = 0
    async function* lines(): AsyncIterable<string> {
      const head: Static<typeof headSchema> = {
        sallyport: 'backup',
        v: 1,
        at: new Date().toISOString(),
        policy: policy.ok ? JSON.parse(policy.text) : null,
      }
      yield `${JSON.stringify(head)}\n`
      for await (const line of linesOf(Readable.fromWeb((await api.stream({ path: '/api/records' })) as never))) {
        bar.at(++events)
        yield `${line}\n`
      }
      yield `${JSON.stringify({ sallyport: 'end', events })}\n`
    }
    const file = await created(path)
    try {
      await pipeline(lines, createGzip(), file.createWriteStream())
    } catch (cause) {
      // A part of a backup would be taken for one.
      await rm(path, { force: true })
      throw cause instanceof Stop
        ? cause
        : new Stop(exitCodes.failure, `${path} could not be written: ${(cause as Error).message}`, { cause })
    } finally {
      bar.end()
    }
    if (flags.json) print.raw(JSON.stringify({ file: path, events }))
    else print.line(`the policy and ${events} events are in ${path}`)
    return exitCodes.ok
  },
}

/** For nobody else to read, and never in the place of another file. */
async function created(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600)
  } catch (cause) {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
    const why = exists ? 'it exists already: name a new file' : cause instanceof Error ? cause.message : String(cause)
    throw new Stop(exitCodes.failure, `${path} could not be written: ${why}`, { cause })
  }
}

export const restore: Command = {
  usage: 'restore FILE --reason TEXT [--json]',
  about: 'make the policy of a backup the policy again, and add its events to the records; may be repeated',
  words: 1,
  flags: ['reason', 'json'],
  async run(call) {
    const { print, words, flags } = call
    const [path = ''] = words
    if (!flags.reason?.trim()) throw new Stop(exitCodes.usage, 'say why, for the audit log: --reason TEXT')
    const { head, events } = await inspected(call, path)
    const revision = await restorePolicy(call, head.policy)
    await restoreEvents(call, path, events)
    if (flags.json) print.raw(JSON.stringify({ events, policyRevision: revision }))
    else print.line(`${events} events are restored${revision === null ? '' : `, and revision ${revision} holds`}`)
    return exitCodes.ok satisfies ExitCode
  },
}

/** Reads it to the end before anything is changed. */
async function inspected(
  { print }: Call,
  path: string,
): Promise<{ readonly head: Static<typeof headSchema>; readonly events: number }> {
  let first: unknown
  let last = ''
  let count = 0
  const bar = print.progress('events checked')
  try {
    for await (const line of linesOf(opened(path))) {
      if (count++ === 0) first = JSON.parse(line)
      last = line
      bar.at(count)
    }
    const end: unknown = JSON.parse(last)
    if (Value.Check(headSchema, first) && Value.Check(endSchema, end) && end.events === count - 2)
      return { head: first, events: end.events }
  } catch (cause) {
    throw new Stop(exitCodes.failure, `${path} cannot be read as a backup: ${(cause as Error).message}`, { cause })
  } finally {
    bar.end()
  }
  throw new Stop(exitCodes.failure, `${path} is no backup, or not a whole one: nothing was changed`)
}

async function restorePolicy({ api, flags }: Call, document: unknown): Promise<number | null> {
  if (document === null) return null
  const query = new URLSearchParams({ reason: flags.reason ?? '' })
  const headers = { 'if-match': '*', 'content-type': 'application/json' }
  const applied = await api.json(policyAppliedSchema, {
    method: 'PUT',
    path: `/api/policy?${query}`,
    headers,
    body: JSON.stringify(document),
  })
  return applied.revision
}

async function restoreEvents({ api, print }: Call, path: string, total: number): Promise<void> {
  const bar = print.progress('events', total)
  let body = ''
  let done = 0
  let bodyBytes = 0
  let waiting = 0
  const send = async (): Promise<void> => {
    if (waiting === 0) return
    const headers = { 'content-type': 'application/x-ndjson' }
    await api.json(restoredSchema, { method: 'POST', path: '/api/records', headers, body })
    done += waiting
    bar.at(done)
    body = ''
    bodyBytes = 0
    waiting = 0
  }
  try {
    for await (const line of linesOf(opened(path))) {
      if (line.startsWith('{"sallyport":')) continue
      const lineBytes = Buffer.byteLength(line) + 1
      if (bodyBytes + lineBytes > requestBytes) await send()
      body += `${line}\n`
      bodyBytes += lineBytes
      waiting++
    }
    await send()
  } finally {
    bar.end()
  }
}

const opened = (path: string): Readable => {
  const unzipped = createGunzip()
  pipeline(createReadStream(path), unzipped).catch((error: unknown) => unzipped.destroy(error instanceof Error ? error : undefined))
  return unzipped
}

const linesOf = (stream: Readable): AsyncIterable<string> => createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })
