/** One file of authorized addresses, read again when it changes. */
import { readFile, stat } from 'node:fs/promises'
import type { RolePorts } from '@sallyport/runtime'
import { type DirectoryContent, type DirectoryFile, readDirectory } from './read-directory.ts'

/** A file whose newest content has less than half of the addresses is not believed until it is confirmed. */
const shrinkFactor = 2

export interface DirectorySourceOptions extends DirectoryFile {
  /** As in the policy. */
  readonly name: string
  readonly log: RolePorts['log']
  readonly onRead: (result: 'loaded' | 'held-back' | 'failed') => void
}

/**
 * Swaps its content whole. While a new file cannot be read or is not believed, the old content stays. A file that shrinks by
 * more than half is held back until the file `<path>.confirm` holds its revision, or until it has grown again. A file that
 * changes while it is read is not used, but read again at the next look.
 */
export class DirectorySource {
  readonly name: string
  readonly path: string
  /** Resolves when the file was read once, or could not be. */
  readonly firstRead: Promise<void>
  readonly #options: DirectorySourceOptions
  readonly #stopping = new AbortController()
  #content: DirectoryContent | undefined
  #heldBack: DirectoryContent | undefined
  #problem: string | undefined
  #isFirstReadOver = false
  /** Of the file that was read last, whatever came of it. */
  #fingerprint = ''
  #reading: Promise<void> | undefined

  constructor(options: DirectorySourceOptions) {
    this.#options = options
    this.name = options.name
    this.path = options.path
    this.firstRead = this.look()
  }

  /** What is in force; undefined where the file could never be read. */
  get content(): DirectoryContent | undefined {
    return this.#content
  }

  /** The newest content of the file where it is not believed. */
  get heldBack(): DirectoryContent | undefined {
    return this.#heldBack
  }

  /** Why the file cannot be read, in words for an operator. */
  get problem(): string | undefined {
    return this.#problem
  }

  get isFirstReadOver(): boolean {
    return this.#isFirstReadOver
  }

  /** Looks whether the file changed, and reads it then. One look at a time. Never rejects. */
  look(): Promise<void> {
    this.#reading ??= this.#look()
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#isFirstReadOver = true
        this.#reading = undefined
      })
    return this.#reading
  }

  /** Ends a reading that goes on. The content stays. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#reading
  }

  async #look(): Promise<void> {
    const before = await fingerprintOf(this.path)
    if (before === this.#fingerprint) {
      if (this.#heldBack && (await this.#isConfirmed(this.#heldBack))) this.#use(this.#heldBack)
      return
    }
    const content = await this.#read(before)
    if (!content) return
    this.#fingerprint = before
    this.#problem = undefined
    const isSame = content.revision === this.#content?.revision
    if (isSame) this.#heldBack = undefined
    else if (this.#isTooSmall(content) && !(await this.#isConfirmed(content))) this.#holdBack(content)
    else this.#use(content)
  }

  /** Undefined where the file changed meanwhile. */
  async #read(before: string): Promise<DirectoryContent | undefined> {
    try {
      const content = await readDirectory(this.#options, this.#stopping.signal)
      if ((await fingerprintOf(this.path)) === before) return content
      if (!this.#content) this.#problem = 'it is being written'
      return undefined
    } catch (error) {
      // What is wrong in the file stays wrong until it changes.
      this.#fingerprint = before
      throw error
    }
  }

  #isTooSmall(content: DirectoryContent): boolean {
    return this.#content !== undefined && content.addresses.size * shrinkFactor < this.#content.addresses.size
  }

  async #isConfirmed({ revision }: DirectoryContent): Promise<boolean> {
    try {
      return (await readFile(`${this.path}.confirm`, 'utf8')).trim() === revision
    } catch {
      return false
    }
  }

  #use(content: DirectoryContent): void {
    this.#content = content
    this.#heldBack = undefined
    const { addresses, revision, badLines, firstBadLines } = content
    const facts = { directory: this.name, file: this.path, revision, addresses: addresses.size }
    const { log, onRead } = this.#options
    if (badLines > 0)
      log.warn({ ...facts, badLines, firstBadLines }, 'a directory is in use, without its lines that are no address')
    else log.info(facts, 'a directory is in use')
    onRead('loaded')
  }

  #holdBack(content: DirectoryContent): void {
    this.#heldBack = content
    const { log, onRead } = this.#options
    log.error(
      {
        directory: this.name,
        file: this.path,
        revision: content.revision,
        addresses: content.addresses.size,
        before: this.#content?.addresses.size,
        inUse: this.#content?.revision,
      },
      `a directory lost more than half of its addresses and is held back: if that is right, write ${content.revision} to ${this.path}.confirm`,
    )
    onRead('held-back')
  }

  #fail(error: unknown): void {
    if (this.#stopping.signal.aborted) return
    // What the file system refuses may be allowed at the next look, and then the file is read again.
    if (isFileSystemError(error)) this.#fingerprint = ''
    const problem = error instanceof Error ? error.message : String(error)
    if (problem === this.#problem) return
    this.#problem = problem
    const { log, onRead } = this.#options
    const inUse = this.#content?.revision ?? 'none: the address check cannot judge for applications that name it'
    log.error({ err: error, directory: this.name, file: this.path, inUse }, 'a directory cannot be read')
    onRead('failed')
  }
}

async function fingerprintOf(path: string): Promise<string> {
  const { ino, size, mtimeMs } = await stat(path)
  return `${ino}:${size}:${mtimeMs}`
}

const isFileSystemError = (error: unknown): boolean => error instanceof Error && 'syscall' in error
