/** How much of the disk stays free for delivery, where the configuration does not say. */
import { statfs } from 'node:fs/promises'

const leastBytes = 2 * 1024 ** 3

/** The larger of 2 GiB and 5 % of the disk that holds `folder`; 2 GiB where its size cannot be told. */
export async function defaultMinFreeBytes(folder: string): Promise<number> {
  const size = await statfs(folder).catch(() => undefined)
  return size === undefined ? leastBytes : minFreeBytesOf(size.blocks * size.bsize)
}

/** The rule for a disk of so many bytes. */
export const minFreeBytesOf = (diskBytes: number): number => Math.max(leastBytes, Math.ceil(diskBytes / 20))
