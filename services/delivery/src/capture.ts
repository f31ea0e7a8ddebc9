/** Delivers into files: `<id>-<attempt>.eml` byte for byte, and its envelope beside it. Sends nothing. */
import { mkdir, open, rename } from 'node:fs/promises'
import { join, normalize } from 'node:path'
import type { Job } from '@sallyport/contracts'
import { SallyportError } from '@sallyport/contracts'
import type { Transaction, TransactionResult } from './next-hop/next-hop.ts'
import { printable } from './next-hop/reply-reader.ts'

export interface Capture {
  /** Never throws for what a disk does: the message is then `deferred`. Fails with what reading the content fails with. */
  deliver(folder: string, job: Job, transaction: Transaction): Promise<TransactionResult>
}

/** Folders of routes lie below `dataFolder`; one that leads out of it counts as a defect of the policy. */
export function captureFiles(dataFolder: string): Capture {
  const ready = new Map<string, Promise<string>>()

  function folderReady(name: string): Promise<string> {
    let made = ready.get(name)
    if (!made) {
      made = makeFolder(dataFolder, name)
      made.catch(() => ready.delete(name))
      ready.set(name, made)
    }
    return made
  }

  return {
    async deliver(folder, job, transaction) {
      const content = transaction.content()
      const path = await folderReady(folder).catch(deferrable)
      if (path instanceof Error) return deferred(transaction, path)
      const name = `${job.message.id}-${job.attempt}`
      try {
        await writeDurably(join(path, `${name}.eml`), content)
        await writeDurably(join(path, `${name}.json`), Buffer.from(`${JSON.stringify(envelopeOf(job, transaction), null, 2)}\n`))
        await syncFolder(path)
      } catch (error) {
        const failure = deferrable(error)
        ready.delete(folder)
        return deferred(transaction, failure)
      }
      const reply = `250 2.0.0 captured in ${folder}/${name}.eml`
      return {
        nextHop: 'capture',
        takesDsn: false,
        recipients: transaction.recipients.map(({ index }) => ({ index, outcome: 'delivered', reply })),
      }
    },
  }
}

/** Errors of the file system come back, others are thrown. */
function deferrable(error: unknown): Error {
  if (error instanceof Error && !(error instanceof SallyportError) && 'syscall' in error) return error
  throw error
}

async function makeFolder(dataFolder: string, name: string): Promise<string> {
  const relative = normalize(name)
  if (relative.startsWith('..') || relative.startsWith('/')) {
    throw new SallyportError('CONFIG_INVALID', `the capture folder ${name} leads out of the data folder: name one below it`)
  }
  const path = join(dataFolder, relative)
  await mkdir(path, { recursive: true })
  return path
}

const envelopeOf = (job: Job, transaction: Transaction): object => ({
  id: job.message.id,
  application: job.message.application,
  attempt: job.attempt,
  sender: transaction.sender,
  recipients: transaction.recipients.map((recipient) => recipient.address),
  ...(job.message.envelopeId === undefined ? {} : { envelopeId: job.message.envelopeId }),
  ...(job.message.ret === undefined ? {} : { ret: job.message.ret }),
  client: job.message.client,
})

const deferred = (transaction: Transaction, error: Error): TransactionResult => ({
  nextHop: '',
  takesDsn: false,
  recipients: transaction.recipients.map(({ index }) => ({
    index,
    outcome: 'deferred',
    reply: `451 4.3.0 the message cannot be captured: ${printable(error.message)}`,
  })),
})

/** Under its name only when it is whole and on the disk. */
async function writeDurably(path: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
  const partial = `${path}.partial`
  const file = await open(partial, 'w', 0o600)
  try {
    if (content instanceof Uint8Array) await file.writeFile(content)
    else for await (const chunk of content) await file.write(chunk)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(partial, path)
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
