import { runCases } from '@sallyport/checker/cases'
import { domainChecker } from './check.ts'

runCases(import.meta, domainChecker, { atLeast: 25 })
