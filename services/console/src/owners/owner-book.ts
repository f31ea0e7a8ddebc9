/** What owners are still to be told and what they were told, as the table `console.owners` keeps it over kills and restarts. */
import type { Bus } from '@sallyport/bus'
import { type OwnerFailure, type OwnerRefusal, type OwnerTold, ownerRowCodec, topics } from '@sallyport/contracts'
import type { RolePorts } from '@sallyport/runtime'

type OwnerRow = OwnerFailure | OwnerRefusal | OwnerTold
export type Notice = 'refusal' | 'failures' | 'daily'

export interface OwnerBook {
  /** By key. */
  failures(): ReadonlyMap<string, OwnerFailure>
  refusals(): ReadonlyMap<string, OwnerRefusal>
  /** Until when whoever it is about (an application, an owner) was told; undefined where never. */
  toldUntil(notice: Notice, about: string): number | undefined
  /** Durable when it resolves. */
  put(key: string, row: OwnerRow): Promise<void>
  remove(key: string): Promise<void>
  stop(): Promise<void>
}

export const toldKey = (notice: Notice, about: string): string => `told/${notice}/${about}`

export async function openOwnerBook(bus: Bus, log: RolePorts['log']): Promise<OwnerBook> {
  const failures = new Map<string, OwnerFailure>()
  const refusals = new Map<string, OwnerRefusal>()
  const told = new Map<string, OwnerTold>()

  function set(key: string, row: OwnerRow | undefined): void {
    failures.delete(key)
    refusals.delete(key)
    told.delete(key)
    if (row?.kind === 'failure') failures.set(key, row)
    else if (row?.kind === 'refusal') refusals.set(key, row)
    else if (row) told.set(key, row)
  }

  const table = await bus.table({
    topic: topics.owners.name,
    onRow(key, value) {
      try {
        set(key, value === null ? undefined : ownerRowCodec.decode(value).record)
      } catch (err) {
        log.error({ err, key }, 'a row about an owner cannot be read')
      }
    },
  })
  await table.loaded

  async function publish(key: string, row: OwnerRow | undefined): Promise<void> {
    const value = row === undefined ? null : ownerRowCodec.encode(row)
    await bus.publish({ topic: topics.owners.name, key, value }, { durable: true })
    set(key, row)
  }
  return {
    failures: () => failures,
    refusals: () => refusals,
    toldUntil: (notice, about) => told.get(toldKey(notice, about))?.until,
    put: publish,
    remove: (key) => publish(key, undefined),
    stop: () => table.stop(),
  }
}
