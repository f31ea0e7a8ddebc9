import { runCases } from '@sallyport/checker/cases'
import { memoryLimiter } from '@sallyport/testkit'
import { throttleChecker } from './check.ts'

// Time stands still, so that what a case says of waits is exact.
runCases(import.meta, () => throttleChecker(memoryLimiter({ elapsed: () => 0 }), { now: () => Date.UTC(2026, 0, 1) }), {
  atLeast: 25,
})
