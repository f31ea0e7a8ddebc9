/** `sallyport queue`, and the orders about it. */
import {
  type Queue,
  type QueueDestination,
  type QueueOrder,
  queueOrderSchema,
  queuePageSchema,
  queueSchema,
} from '@sallyport/contracts'
import Type from 'typebox'
import type { Call, Command } from '../command.ts'
import { type ExitCode, exitCodes, Stop } from '../exit.ts'
import { table, timeText } from '../table.ts'
import { durationMs } from '../time-words.ts'

export const queue: Command = {
  usage: 'queue [--json]',
  about: 'show what waits for delivery, by destination, and the orders that stand',
  words: 0,
  flags: ['json'],
  async run({ api, print, flags }) {
    const answer = await api.json(queueSchema, { path: '/api/queue' })
    if (flags.json) print.raw(JSON.stringify(answer))
    else for (const line of lines(answer)) print.line(line)
    return exitCodes.ok
  },
}

export const queueList: Command = {
  usage: 'queue list [--destination ROUTE] [--application NAME] [--json]',
  about: 'show each message that waits, the oldest first (at most 500)',
  words: 0,
  flags: ['destination', 'application', 'json'],
  async run({ api, print, flags: { destination, application, json } }) {
    const query = new URLSearchParams({ limit: '500' })
    for (const [name, value] of Object.entries({ destination, application })) if (value !== undefined) query.set(name, value)
    const { messages, next } = await api.json(queuePageSchema, { path: `/api/queue/messages?${query}` })
    if (json) print.raw(JSON.stringify(messages))
    else if (messages.length === 0) print.line('nothing waits')
    else {
      const rows = messages.map(({ id, acceptedAt, application, destination, attempts, sender, recipients, lastReply }) => {
        return [
          id,
          timeText(acceptedAt),
          application,
          destination,
          String(attempts),
          sender || '<>',
          recipients.join(' '),
          lastReply ?? '',
        ]
      })
      for (const line of table(
        ['ID', 'ACCEPTED', 'APPLICATION', 'DESTINATION', 'ATTEMPTS', 'SENDER', 'RECIPIENTS', 'LAST REPLY'],
        rows,
      )) {
        print.line(line)
      }
      if (next !== null) print.line('… and more: narrow it down, or ask the API for its further pages')
    }
    return exitCodes.ok
  },
}

const about = '[--destination ROUTE] [--application NAME] [--message ID]'

export const queuePause: Command = {
  usage: 'queue pause [--destination ROUTE] [--application NAME] [--for DURATION] --reason TEXT',
  about: 'send nothing there, or of that application, until it is resumed (default: for a day at most)',
  words: 0,
  flags: ['destination', 'application', 'for', 'reason'],
  run: (call) => order(call, 'pause', { ...(call.flags.for === undefined ? {} : { forMs: durationMs(call.flags.for, 'for') }) }),
}

export const queueRetry: Command = {
  usage: `queue retry ${about} --reason TEXT`,
  about: 'try at once what waits for a further attempt',
  words: 0,
  flags: ['destination', 'application', 'message', 'reason'],
  run: (call) => order(call, 'retry', {}),
}

export const queueCancel: Command = {
  usage: `queue cancel ${about} --reason TEXT`,
  about: 'drop what was accepted up to now and still waits; its senders are not told',
  words: 0,
  flags: ['destination', 'application', 'message', 'reason'],
  run: (call) => order(call, 'cancel', {}),
}

export const queueResume: Command = {
  usage: 'queue resume [--destination ROUTE] [--application NAME] --reason TEXT',
  about: 'end the pause of exactly this, and send at once',
  words: 0,
  flags: ['destination', 'application', 'reason'],
  async run(call) {
    const question = { method: 'POST', path: '/api/queue/resume', headers: json, body: bodyOf(call, {}, false) } as const
    const { ended } = await call.api.json(Type.Object({ ended: Type.Array(queueOrderSchema) }), question)
    for (const one of ended) call.print.line(`ended: ${orderText(one)}`)
    return exitCodes.ok
  },
}

const json = { 'content-type': 'application/json' }

async function order(call: Call, kind: 'pause' | 'retry' | 'cancel', more: object): Promise<ExitCode> {
  const question = {
    method: 'POST',
    path: `/api/queue/${kind}`,
    headers: json,
    body: bodyOf(call, more, kind !== 'pause'),
  } as const
  const given = await call.api.json(queueOrderSchema, question)
  call.print.line(`${orderText(given)}: see "sallyport queue"`)
  return exitCodes.ok
}

/** A pause is never of one message. */
function bodyOf({ flags }: Call, more: object, ofMessage: boolean): string {
  const { destination, application, message, reason } = flags
  if (!reason?.trim()) throw new Stop(exitCodes.usage, 'say why, for the audit log: --reason TEXT')
  if (destination === undefined && application === undefined && message === undefined) {
    const what = ofMessage ? '--destination ROUTE, --application NAME or --message ID' : '--destination ROUTE or --application NAME'
    throw new Stop(exitCodes.usage, `say of what: ${what}`)
  }
  return JSON.stringify({ destination, application, message, reason, ...more })
}

function orderText({ kind, destination, application, message, by, reason, expiresAt }: QueueOrder): string {
  const what = [destination && `destination ${destination}`, application && `application ${application}`, message].filter(Boolean)
  return `${kind} ${what.join(', ')} by ${by} until ${timeText(expiresAt)} (${reason})`
}

function lines({ destinations, orders, messages }: Queue): string[] {
  return [
    ...table(
      ['DESTINATION', 'MESSAGES', 'DEFERRED', '<1m', '<1h', '<1d', 'OLDER', 'OLDEST', 'NEXT ATTEMPT', 'LAST REPLY'],
      destinations.map(row),
    ),
    '',
    `${messages} messages wait`,
    ...orders.map(orderText),
  ]
}

function row({ destination, messages, deferred, ages, oldestAt, nextAttemptAt, lastReply, isPaused }: QueueDestination): string[] {
  const counts = [messages, deferred, ages.minute, ages.hour, ages.day, ages.older].map(String)
  const name = isPaused ? `${destination} (paused)` : destination
  return [
    name,
    ...counts,
    oldestAt === null ? '-' : timeText(oldestAt),
    nextAttemptAt === null ? '-' : timeText(nextAttemptAt),
    lastReply ?? '',
  ]
}
