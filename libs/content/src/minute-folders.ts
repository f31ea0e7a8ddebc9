/**
 * Shards by the minute: `yyyymmdd/hhmm` (UTC). What is finished at the same moment lands in the same folder, so that one
 * folder sync serves many, and what is old enough to go stands together.
 */
import { join } from 'node:path'
import { type FileOperations, systemCode } from './file-operations.ts'
import { GroupedSync } from './grouped-sync.ts'

export const minuteMs = 60_000

interface MinuteFolder {
  /** `yyyymmdd/hhmm`. */
  readonly name: string
  readonly path: string
  readonly fd: number
  readonly group: GroupedSync
  /** Moves under way: the folder is closed when it is retired and they have ended. */
  users: number
  isRetired: boolean
}

/** The name of the folder of a moment. */
export function minuteName(atMs: number): string {
  const text = new Date(atMs).toISOString()
  return `${text.slice(0, 4)}${text.slice(5, 7)}${text.slice(8, 10)}/${text.slice(11, 13)}${text.slice(14, 16)}`
}

/** When the minute of a folder began, ms since the epoch; undefined for other names. */
export function minuteBegan(name: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)\/(\d\d)(\d\d)$/.exec(name)
  if (!parts) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts.slice(1).map(Number)
  return Date.UTC(year, month - 1, day, hour, minute)
}

export class MinuteFolders {
  readonly #root: string
  readonly #files: FileOperations
  readonly #now: () => number
  readonly #open = new Set<MinuteFolder>()
  #current: { readonly minute: number; readonly folder: Promise<MinuteFolder> } | undefined

  constructor(root: string, files: FileOperations, now: () => number) {
    this.#root = root
    this.#files = files
    this.#now = now
  }

  /** Moves a file of the same file system into the folder of this minute, durably. Resolves with its name below the root. */
  async move(from: string, fileName: string): Promise<string> {
    try {
      return await this.#moveNow(from, fileName)
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error
      // The folder was deleted as empty between its making and the move; if `from` is gone, this fails again.
      this.#retire()
      return await this.#moveNow(from, fileName)
    }
  }

  /** Resolves when every move has ended. */
  async close(): Promise<void> {
    const last = this.#current?.folder
    this.#retire()
    await last?.catch(() => {})
    for (const folder of this.#open) await folder.group.settled()
  }

  async #moveNow(from: string, fileName: string): Promise<string> {
    const folder = await this.#folder()
    folder.users++
    try {
      await this.#files.rename(from, join(folder.path, fileName))
      await folder.group.sync()
      return `${folder.name}/${fileName}`
    } finally {
      folder.users--
      this.#closeWhenUnused(folder)
    }
  }

  #folder(): Promise<MinuteFolder> {
    const minute = Math.floor(this.#now() / minuteMs)
    if (this.#current?.minute === minute) return this.#current.folder
    this.#retire()
    const folder = this.#make(minuteName(minute * minuteMs))
    this.#current = { minute, folder }
    folder.catch(() => {
      if (this.#current?.folder === folder) this.#current = undefined
    })
    return folder
  }

  #retire(): void {
    const retired = this.#current?.folder
    this.#current = undefined
    retired?.then(
      (folder) => {
        folder.isRetired = true
        this.#closeWhenUnused(folder)
      },
      () => {},
    )
  }

  #closeWhenUnused(folder: MinuteFolder): void {
    if (folder.users > 0 || !folder.isRetired || !this.#open.delete(folder)) return
    this.#files.close(folder.fd).catch(() => {})
  }

  /** Makes the folder; its own entry is durable, and that of its parent. */
  async #make(name: string): Promise<MinuteFolder> {
    const path = join(this.#root, name)
    await this.#files.mkdir(path)
    for (const parent of [join(path, '..'), this.#root]) {
      const fd = await this.#files.open(parent, 'r')
      await this.#files.fsync(fd).finally(() => this.#files.close(fd))
    }
    const fd = await this.#files.open(path, 'r')
    const folder = { name, path, fd, group: new GroupedSync(() => this.#files.fsync(fd)), users: 0, isRetired: false }
    this.#open.add(folder)
    return folder
  }
}
