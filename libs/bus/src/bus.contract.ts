/**
 * What every bus promises, whatever carries it: call this in a test file of the adapter. No test relies on how fast an
 * adapter is; conditions are awaited, and that nothing comes is shown by something later that does.
 */
import { suite } from 'node:test'
import type { OpenBus } from './contract/fixture.contract.ts'
import { groupContract } from './contract/group.contract.ts'
import { orderContract } from './contract/order.contract.ts'
import { publishContract } from './contract/publish.contract.ts'
import { settleContract } from './contract/settle.contract.ts'
import { tableContract } from './contract/table.contract.ts'
import { unreadContract } from './contract/unread.contract.ts'

export type { OpenBus, OpenedBus } from './contract/fixture.contract.ts'

/** `open` is called once in each test, with topics that no other test uses. */
export function busContract(name: string, open: OpenBus): void {
  suite(`bus: ${name}`, () => {
    publishContract(open)
    orderContract(open)
    settleContract(open)
    groupContract(open)
    tableContract(open)
    unreadContract(open)
  })
}
