/** Every message that was accepted and has not ended: in quarantine, undecided, on its way, put off. Read from where it lies. */
import type { Bus } from '@sallyport/bus'
import type { ContentStore } from '@sallyport/content'
import {
  annotationCodec,
  type ContentRef,
  decidedCodec,
  groups,
  jobCodec,
  type Message,
  queueReaders,
  type Reader,
  SallyportError,
  topics,
} from '@sallyport/contracts'
import type { Ledger } from '@sallyport/ledger'
import type { QuarantineView } from '../quarantine-view.ts'

export interface AcceptedMessage {
  readonly message: Message
  /** Indexes of the recipients that have not ended. */
  readonly remaining: readonly number[]
  readonly state: 'held' | 'undecided' | 'queued' | 'deferred'
  readonly content: ContentRef
  /** The whole content, or the header block where it is stored. */
  readonly bytes: Uint8Array
  /** It is not with delivery yet, or what it was split from is still shown. */
  readonly isBeforeSplit?: boolean
}

export interface AcceptedPorts {
  readonly bus: Pick<Bus, 'unread'>
  readonly content: ContentStore
  readonly ledger: Pick<Ledger, 'entries' | 'wasSplit'>
  readonly quarantine: Pick<QuarantineView, 'ids' | 'held'>
}

const readers: readonly Reader[] = [{ group: groups.verdict, topics: [topics.annotations.name] }, ...queueReaders]

/** Passes in which a message that was split may still be seen where it lies now, before what it was split from is believed. */
const passesAfterSplit = 2

/**
 * Each message once. While delivery works messages move, so the bus is read until a pass finds nothing new: what is accepted before
 * the call and has not ended at the end of it is among them. A message that was split lies where delivery has put it, and what it
 * came from (`undecided`, `mail.decided`), which a bus may still show, counts only where it is nowhere else. Without what the ledger
 * knew (a Redis whose data is lost) a message that has ended may be among them again. Fails with BUS_UNAVAILABLE where the bus cannot
 * be read.
 */
export async function* acceptedMessages(ports: AcceptedPorts): AsyncIterable<AcceptedMessage> {
  const seen = new Set<string>()
  const passed = new Map<string, number>()
  let isNew = true
  while (isNew) {
    isNew = false
    const inThisPass = new Set<string>()
    for await (const found of onePass(ports)) {
      const { id } = found.message
      if (seen.has(id) || (found.isBeforeSplit && inThisPass.has(id))) continue
      const remaining = await openRecipients(ports.ledger, found)
      if (remaining.length === 0) continue
      const times = passed.get(id) ?? 0
      if (found.isBeforeSplit && times < passesAfterSplit && (await ports.ledger.wasSplit(id))) {
        passed.set(id, times + 1)
        inThisPass.add(id)
        isNew = true
        continue
      }
      seen.add(id)
      isNew = true
      yield { ...found, remaining }
    }
  }
}

/** One of them; undefined where it is none. */
export async function acceptedMessage(ports: AcceptedPorts, id: string): Promise<AcceptedMessage | undefined> {
  for await (const found of onePass(ports)) {
    if (found.message.id === id && (await openRecipients(ports.ledger, found)).length > 0) return found
  }
  return undefined
}

/** The content in chunks. */
export async function* contentOf(store: ContentStore, { content, bytes }: AcceptedMessage): AsyncIterable<Uint8Array> {
  if (content.kind === 'inline') yield bytes
  else yield* store.read(content)
}

async function* onePass({ bus, quarantine }: AcceptedPorts): AsyncIterable<AcceptedMessage> {
  if (!bus.unread) throw new SallyportError('BUS_UNAVAILABLE', 'this bus cannot be read without taking from it')
  for (const id of quarantine.ids()) {
    const held = quarantine.held(id)
    if (held)
      yield { message: held.message, remaining: held.remaining, state: 'held', content: held.content, bytes: new Uint8Array() }
  }
  for (const { group, topics: names } of readers) {
    for await (const { topic, value, content } of bus.unread(group, names)) {
      if (value === null) continue
      const found = acceptedIn(topic, content ? Buffer.concat([value, content]) : value)
      if (found) yield found
    }
  }
}

function acceptedIn(topic: string, value: Uint8Array): AcceptedMessage | undefined {
  if (topic === topics.annotations.name) {
    const { record, bytes } = annotationCodec.decode(value)
    if (record.kind !== 'undecided') return undefined
    return unsplit(record, 'undecided', bytes)
  }
  if (topic === topics.decided.name) {
    const { record, bytes } = decidedCodec.decode(value)
    return unsplit(record, 'queued', bytes)
  }
  const { record, bytes } = jobCodec.decode(value)
  const state = topic.startsWith('mail.deferred.') ? 'deferred' : 'queued'
  return { message: record.message, remaining: record.remaining, state, content: record.content, bytes }
}

function unsplit(
  { message, content }: Pick<AcceptedMessage, 'message' | 'content'>,
  state: AcceptedMessage['state'],
  bytes: Uint8Array,
): AcceptedMessage {
  return { message, remaining: message.recipients.map(({ index }) => index), state, content, bytes, isBeforeSplit: true }
}

export async function openRecipients(
  ledger: Pick<Ledger, 'entries'>,
  { message, remaining }: AcceptedMessage,
): Promise<readonly number[]> {
  const entries = await ledger.entries(message.id, remaining)
  return remaining.filter((index) => (entries.get(index)?.outcome ?? 'deferred') === 'deferred')
}
