/** The live stream: an overview every two seconds, and every event of a message as it happens. */
import type { LiveEvent, Overview } from '@sallyport/contracts'
import { useEffect, useState } from 'react'
import { useClient } from '../../app/session.tsx'
import { readEvents } from '../../client/live.ts'
import { emptyLive, type Live, withLiveEvent } from './live-state.ts'

const againAfterMs = 3000

/** Connects again by itself whenever the stream ends. */
export function useLive(): Live {
  const client = useClient()
  const [live, setLive] = useState(emptyLive)
  useEffect(() => {
    const ending = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const follow = async (): Promise<void> => {
      try {
        const stream = await client.stream(ending.signal)
        await readEvents(stream, ({ event, data }) => {
          if (event === 'overview') setLive((now) => withLiveEvent(now, { kind: 'overview', overview: parse<Overview>(data) }))
          else if (event === 'mail') setLive((now) => withLiveEvent(now, { kind: 'mail', mail: parse<LiveEvent>(data) }))
        })
      } catch {}
      if (ending.signal.aborted) return
      setLive((now) => ({ ...now, isConnected: false }))
      timer = setTimeout(() => void follow(), againAfterMs)
    }
    void follow()
    return () => {
      ending.abort()
      clearTimeout(timer)
    }
  }, [client])
  return live
}

const parse = <T>(data: string): T => JSON.parse(data) as T
