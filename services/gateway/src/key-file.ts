/** The gateway's key: 32 random bytes in a file that only this user can read, made at the first start. */
import { randomBytes } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { SallyportError } from '@sallyport/contracts'

export async function gatewayKey(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path, 'wx', 0o600)
    const key = randomBytes(32)
    await file.writeFile(key)
    await file.sync()
    await file.close()
    return key
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const key = await readFile(path)
  if (key.length < 32) {
    throw new SallyportError(
      'DATA_FOLDER_CORRUPT',
      `${path} holds ${key.length} bytes, not a key of 32: delete it and start again, a new key is made`,
    )
  }
  return key
}
