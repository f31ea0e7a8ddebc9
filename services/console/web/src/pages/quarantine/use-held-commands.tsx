/** Release and drop, one or many, as what the dialog asks the reason for. */
import type { HeldSummary } from '@sallyport/contracts'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useClient } from '../../app/session.tsx'
import { count, counted } from '../../format/numbers.ts'
import type { Doing } from '../../parts/reason-dialog.tsx'
import { useNotice } from '../../parts/toast.tsx'

type Command = 'release' | 'drop'

/** Either ids, or a filter as of the list. */
export interface Chosen {
  readonly ids?: readonly string[]
  readonly filter?: { readonly text?: string; readonly application?: string; readonly cause?: HeldSummary['cause'] }
  readonly count: number
}

const words = {
  release: { verb: 'Release', done: 'released', text: 'It is delivered as if it had never been held. This cannot be taken back.' },
  drop: { verb: 'Drop', done: 'dropped', text: 'It is deleted, and its sender is not told. This cannot be taken back.' },
} as const

/** `done`: after a command for many. */
export function useHeldCommands(done: () => void): {
  readonly doing: Doing | undefined
  readonly one: (command: Command, held: HeldSummary) => void
  readonly many: (command: Command, chosen: Chosen) => void
  readonly close: () => void
} {
  const client = useClient()
  const queries = useQueryClient()
  const say = useNotice()
  const [doing, setDoing] = useState<Doing>()

  async function finish(text: string): Promise<void> {
    await queries.invalidateQueries({ queryKey: ['listQuarantine'] })
    say(text)
  }

  return {
    doing,
    close: () => setDoing(undefined),
    one(command, held) {
      const { verb, done: word, text } = words[command]
      setDoing({
        title: `${verb} a message`,
        text: (
          <>
            <p>
              From <b>{held.sender || '<>'}</b> to <b>{held.recipients.join(', ')}</b>, held: {held.explanation || held.cause}.
            </p>
            <p>{text}</p>
          </>
        ),
        verb,
        isDangerous: command === 'drop',
        async run(reason) {
          await client.ask(command === 'release' ? 'releaseHeld' : 'dropHeld', { params: { id: held.id }, body: { reason } })
          await finish(`The message from ${held.sender || '<>'} is being ${word}.`)
        },
      })
    },
    many(command, { ids, filter, count: messages }) {
      const { verb, done: word, text } = words[command]
      setDoing({
        title: `${verb} ${counted(messages, 'message')}`,
        text: (
          <p>
            {count(messages)} of the quarantine. {text}
          </p>
        ),
        verb: `${verb} ${count(messages)}`,
        isDangerous: command === 'drop',
        async run(reason) {
          const { body } = await client.ask('bulkQuarantine', {
            body: { command, reason, ...(ids ? { ids: [...ids] } : {}), ...(filter ? { filter } : {}) },
          })
          const gone = body.missing.length > 0 ? ` ${count(body.missing.length)} had gone already.` : ''
          const left = body.remaining > 0 ? ` ${count(body.remaining)} remain: do it again for them.` : ''
          done()
          await finish(`${counted(body.ids.length, 'message')} being ${word}.${gone}${left}`)
        },
      })
    },
  }
}
