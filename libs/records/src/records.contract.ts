/** What all records promise: call it with a way to open an empty store, in a test file of the adapter. */
import { suite } from 'node:test'
import { answersContract } from './contract/answers.contract.ts'
import { appendContract } from './contract/append.contract.ts'
import { dailyContract } from './contract/daily.contract.ts'
import { orderContract } from './contract/order.contract.ts'
import { pruneContract } from './contract/prune.contract.ts'
import { searchContract } from './contract/search.contract.ts'
import type { Records } from './port.ts'

export interface RecordsContract {
  readonly name: string
  /** Opens a store with nothing in it. `now`: the clock of `prune` and of default periods. */
  open(now: () => number): Promise<Records>
  /** Opens what `open` opened last once more, after it was closed. */
  reopen(): Promise<Records>
  /** Every row of every table but the store's own and the events, in an order that depends on them only. */
  dump(): Promise<unknown>
  /** Makes of what `open` opened last, after it was closed, a store of the version before the daily counts. */
  withoutDays(): Promise<void>
  /** Runs of each property. Default 50. */
  readonly runs?: number
}

export function recordsContract(contract: RecordsContract): void {
  suite(`records: ${contract.name}`, () => {
    appendContract(contract)
    orderContract(contract)
    searchContract(contract)
    answersContract(contract)
    pruneContract(contract)
    dailyContract(contract)
  })
}
