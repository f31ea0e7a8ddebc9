/** The admin token of the API: given, read from a secret, or made at the first start. */
import { randomBytes } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SallyportError } from '@sallyport/contracts'
import type { Secrets } from '@sallyport/runtime'

const secretPrefix = 'secret:'

/**
 * `token` as it is, or the secret that `secret:NAME` names. Without one: `<data>/console-token`, made with 256 random bits and
 * mode 0600 where it is missing. Fails with SECRET_MISSING or DATA_FOLDER_UNUSABLE.
 */
export async function consoleToken(
  options: { readonly token?: string | undefined; readonly data: string },
  secrets: Secrets,
): Promise<string> {
  const { token, data } = options
  if (token?.startsWith(secretPrefix)) return secrets.read(token.slice(secretPrefix.length))
  return token ?? tokenFromFile(join(data, 'console-token'))
}

async function tokenFromFile(path: string): Promise<string> {
  try {
    const token = randomBytes(32).toString('base64url')
    const file = await open(path, 'wx', 0o600)
    await file.writeFile(`${token}\n`)
    await file.sync().finally(() => file.close())
    return token
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(path, error)
  }
  const token = await readFile(path, 'utf8').catch((error: unknown) => {
    throw unusable(path, error)
  })
  if (token.trim() === '') throw unusable(path, new Error('it is empty: delete it, and a new token is made'))
  return token.trim()
}

function unusable(path: string, cause: unknown): SallyportError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new SallyportError('DATA_FOLDER_UNUSABLE', `the token file ${path} cannot be used (${why}): or set console.token`, {
    cause,
  })
}
