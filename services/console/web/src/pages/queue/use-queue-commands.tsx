/** Retry, pause, resume and cancel, as what the dialog asks the reason for. */
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useClient } from '../../app/session.tsx'
import { counted } from '../../format/numbers.ts'
import type { Doing } from '../../parts/reason-dialog.tsx'
import { useNotice } from '../../parts/toast.tsx'

/** What an order is about. */
export interface About {
  readonly destination?: string
  readonly application?: string
  readonly message?: string
}

export interface QueueCommands {
  readonly doing: Doing | undefined
  close(): void
  retry(about: About, messages: number): void
  cancel(about: About, messages: number): void
  pause(about: Omit<About, 'message'>): void
  resume(about: Omit<About, 'message'>): void
}

export function useQueueCommands(): QueueCommands {
  const client = useClient()
  const queries = useQueryClient()
  const say = useNotice()
  const [doing, setDoing] = useState<Doing>()

  const order = (made: {
    readonly title: string
    readonly text: ReactNode
    readonly verb: string
    readonly said: string
    readonly isDangerous?: boolean
    readonly run: (reason: string) => Promise<unknown>
  }): void =>
    setDoing({
      ...made,
      async run(reason) {
        await made.run(reason)
        await queries.invalidateQueries()
        say(made.said)
      },
    })

  return {
    doing,
    close: () => setDoing(undefined),
    retry(about, messages) {
      order({
        title: `Retry ${nameOf(about)}`,
        text: <p>{counted(messages, 'message')} that wait for a further attempt are tried at once.</p>,
        verb: 'Retry now',
        said: 'They are tried at once.',
        run: (reason) => client.ask('retryQueue', { body: { ...about, reason } }),
      })
    },
    cancel(about, messages) {
      order({
        title: `Cancel ${nameOf(about)}`,
        text: (
          <p>
            {counted(messages, 'message')} that wait now are dropped, and their senders are not told. This cannot be taken back.
            What is accepted later is not touched.
          </p>
        ),
        verb: 'Cancel the delivery',
        said: 'What waited is being dropped.',
        isDangerous: true,
        run: (reason) => client.ask('cancelQueue', { body: { ...about, reason } }),
      })
    },
    pause(about) {
      order({
        title: `Pause ${nameOf(about)}`,
        text: <p>Nothing is sent there until it is resumed, a day at most. Mail is accepted as before, and waits.</p>,
        verb: 'Pause',
        said: `${nameOf(about)} is paused.`,
        run: (reason) => client.ask('pauseQueue', { body: { ...about, reason } }),
      })
    },
    resume(about) {
      order({
        title: `Resume ${nameOf(about)}`,
        text: <p>The pause ends, and what waits is sent at once.</p>,
        verb: 'Resume',
        said: `${nameOf(about)} goes on.`,
        run: (reason) => client.ask('resumeQueue', { body: { ...about, reason } }),
      })
    },
  }
}

const nameOf = ({ destination, application, message }: About): string =>
  [message && `message ${message}`, destination && `destination ${destination}`, application && `application ${application}`]
    .filter((part): part is string => typeof part === 'string')
    .join(', ')
