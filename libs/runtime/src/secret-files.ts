/** Secrets as files, one a secret, named by the policy or the configuration and never logged. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SallyportError } from '@sallyport/contracts'
import type { Secrets } from './role.ts'

/** Reads `<folder>/<name>` at each call, so that a rotated secret is used at once. A trailing line end is dropped. */
export function secretFiles(folder: string): Secrets {
  return {
    async read(name) {
      if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) {
        throw new SallyportError(
          'SECRET_MISSING',
          `"${name}" cannot be the name of a secret: use letters, digits, dot, dash and underscore`,
        )
      }
      try {
        return (await readFile(join(folder, name), 'utf8')).replace(/\r?\n$/, '')
      } catch (cause) {
        throw new SallyportError('SECRET_MISSING', `secret "${name}" cannot be read: put it into the file ${join(folder, name)}`, {
          cause,
        })
      }
    },
  }
}
