/** The policy file: it seeds an empty gateway (`policySource: api`), or is watched and the only source (`file`). */
import { readFile, stat } from 'node:fs/promises'
import { SallyportError } from '@sallyport/contracts'
import { formatFault } from '@sallyport/policy'
import type { RolePorts } from '@sallyport/runtime'
import type { PolicyPublisher } from './policy-publisher.ts'

/** Makes the file the first revision of a gateway that has none; else it says that the file is not read. Fails with POLICY_INVALID and every fault. */
export async function seedPolicyFromFile(publisher: PolicyPublisher, path: string, log: RolePorts['log']): Promise<void> {
  const current = publisher.current()
  if (current) {
    const { revision } = current
    log.info(
      { path, revision },
      `the policy file ${path} is not read, revision ${revision} holds: "sallyport apply FILE" changes it`,
    )
    return
  }
  // Another process with the role console may have been quicker: then it stands.
  await applyFile(publisher, path, 'seeds an empty gateway', 0)
}

export interface PolicyFileWatch {
  stop(): Promise<void>
}

/**
 * Applies the file, and again whenever it changes. A change is taken when two looks in a row see the same file, so that one
 * which is being written is not. Where the file is missing or has faults the last good revision holds, and all faults are
 * logged; only a gateway without any revision fails then, with POLICY_INVALID.
 */
export async function watchPolicyFile(
  publisher: PolicyPublisher,
  path: string,
  options: { readonly pollMs: number; readonly log: RolePorts['log'] },
): Promise<PolicyFileWatch> {
  const { pollMs, log } = options
  let applied = await fingerprint(path)
  let seen = applied
  let looking: Promise<void> | undefined

  async function apply(found: string): Promise<void> {
    try {
      await applyFile(publisher, path, 'the policy file changed', 'any')
      applied = found
    } catch (err) {
      if (!publisher.current()) throw err
      log.error({ err, path }, 'the policy file is not used, the last good revision holds')
      // Faults stay until the file changes; a bus that is away does not.
      if (!(err instanceof SallyportError && err.retriable)) applied = found
    }
  }

  async function look(): Promise<void> {
    const before = seen
    seen = await fingerprint(path)
    if (seen !== applied && seen === before) await apply(seen)
  }

  await apply(applied)
  const polling = setInterval(() => {
    looking ??= look()
      .catch((err: unknown) => log.error({ err, path }, 'the policy file cannot be applied'))
      .finally(() => {
        looking = undefined
      })
  }, pollMs)
  return {
    async stop() {
      clearInterval(polling)
      await looking
    },
  }
}

/** What a change changes: also when the folder of a ConfigMap is swapped, since `stat` follows links. */
async function fingerprint(path: string): Promise<string> {
  try {
    const { ino, size, mtimeMs } = await stat(path)
    return `${ino} ${size} ${mtimeMs}`
  } catch {
    return 'missing'
  }
}

async function applyFile(publisher: PolicyPublisher, path: string, reason: string, ifRevision: 0 | 'any'): Promise<void> {
  const outcome = await publisher.publish({
    text: await readPolicyFile(path),
    author: 'file',
    reason: `${reason}: ${path}`,
    ifRevision,
  })
  if (outcome.kind !== 'invalid') return
  const { faults } = outcome
  const count = `${faults.length} fault${faults.length === 1 ? '' : 's'}`
  throw new SallyportError(
    'POLICY_INVALID',
    `the policy file ${path} has ${count}:\n${faults.map((fault) => `  ${formatFault(fault)}`).join('\n')}`,
  )
}

async function readPolicyFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new SallyportError(
      'POLICY_INVALID',
      `the policy file ${path} cannot be read (${(cause as Error).message}): correct "policy" in the configuration`,
      { cause },
    )
  }
}
