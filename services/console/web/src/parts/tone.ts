/** What is good, what needs a look and what is bad: by colour, and always in words as well. */
import type { Action, MessageRecord, Mode, RecipientDisposition } from '@sallyport/contracts'

export type Tone = 'good' | 'warn' | 'bad' | 'calm' | 'held' | 'accent'
type MessageStatus = MessageRecord['status']

export const statusTones: Readonly<Record<MessageStatus, Tone>> = {
  refused: 'bad',
  received: 'calm',
  undecided: 'warn',
  queued: 'accent',
  deferred: 'warn',
  held: 'held',
  delivered: 'good',
  failed: 'bad',
}

export const statusMeanings: Readonly<Record<MessageStatus, string>> = {
  refused: 'Not accepted: the application was told while it was on the line.',
  received: 'Seen, but not settled yet.',
  undecided: 'Accepted without a verdict; it is decided later.',
  queued: 'Accepted, on its way.',
  deferred: 'A next hop put it off; it is tried again.',
  held: 'In quarantine, until somebody releases or drops it.',
  delivered: 'Every recipient is delivered.',
  failed: 'Every recipient has ended, at least one of them not delivered.',
}

export const dispositionTones: Readonly<Record<RecipientDisposition, Tone>> = {
  delivered: 'good',
  bounced: 'bad',
  expired: 'bad',
  dropped: 'bad',
  deferred: 'warn',
  waiting: 'accent',
  held: 'held',
  refused: 'bad',
}

export const modeTones: Readonly<Record<Mode, Tone>> = { off: 'calm', monitor: 'accent', enforce: 'good' }

export const actionTones: Readonly<Record<Action, Tone>> = { relay: 'good', reject: 'bad', defer: 'warn', hold: 'held' }

export const outcomeTones: Readonly<Record<'pass' | 'fail' | 'unavailable', Tone>> = {
  pass: 'good',
  fail: 'bad',
  unavailable: 'warn',
}
