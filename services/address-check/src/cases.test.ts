import { join } from 'node:path'
import { runCases } from '@sallyport/checker/cases'
import { fixedPolicyView, silentLogger } from '@sallyport/testkit'
import { Registry } from 'prom-client'
import { addressChecker } from './check.ts'
import { openDirectories } from './directory/directories.ts'

runCases(
  import.meta,
  (policy, folder) => {
    const ports = { policy: fixedPolicyView(policy), log: silentLogger(), metrics: new Registry() }
    return addressChecker(openDirectories(ports, { folder: join(folder, 'directories'), pollMs: 60_000 }))
  },
  { atLeast: 25 },
)
