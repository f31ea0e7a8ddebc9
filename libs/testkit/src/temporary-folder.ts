/** A folder for one test. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TemporaryFolder extends Disposable {
  readonly path: string
  /** The path of a file or folder in it. */
  join(...parts: readonly string[]): string
  remove(): void
}

const left = new Set<string>()
process.once('exit', () => {
  for (const path of left) rmSync(path, { recursive: true, force: true })
})

/** Makes it under the system's temporary folder. Remove it with `remove` or by `using`; it is also removed when the process ends. */
export function temporaryFolder(prefix = 'sallyport-'): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), prefix))
  left.add(path)
  const remove = (): void => {
    left.delete(path)
    rmSync(path, { recursive: true, force: true })
  }
  return { path, join: (...parts) => join(path, ...parts), remove, [Symbol.dispose]: remove }
}
