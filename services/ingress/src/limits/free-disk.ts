/** Whether the disk has room for more mail, looked at a few times a second rather than per message. */
import type { ContentStore } from '@sallyport/content'

export interface FreeDisk {
  readonly isLow: boolean
  stop(): void
}

/** Looks once before it resolves. A store that cannot say how much is free counts as having room: its writes will tell. */
export async function watchFreeDisk(
  content: ContentStore,
  options: {
    readonly minFreeBytes: number
    readonly checkMs: number
    readonly onChange: (isLow: boolean, freeBytes: number) => void
  },
): Promise<FreeDisk> {
  let isLow = false
  const look = async (): Promise<void> => {
    const freeBytes = await content.freeBytes().catch(() => null)
    const nowLow = freeBytes !== null && freeBytes < options.minFreeBytes
    if (nowLow !== isLow) options.onChange(nowLow, freeBytes ?? 0)
    isLow = nowLow
  }
  await look()
  const timer = setInterval(() => void look(), options.checkMs)
  timer.unref()
  return {
    get isLow() {
      return isLow
    },
    stop: () => clearInterval(timer),
  }
}
