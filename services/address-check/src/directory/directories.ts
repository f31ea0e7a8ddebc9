/** The directories that the policy names: opened when a revision names them, looked at in intervals, closed when none does. */
import { resolve } from 'node:path'
import type { CompiledPolicy } from '@sallyport/policy'
import type { PolicyView, Readiness, RolePorts } from '@sallyport/runtime'
import type { LocalPartCase } from '../address-key.ts'
import { directoryMetrics } from './directory-metrics.ts'
import { DirectorySource } from './directory-source.ts'

export interface Directories {
  /** The directory that this revision calls `name`, opened where it is not yet. */
  source(policy: CompiledPolicy, name: string, localPartCase: LocalPartCase): DirectorySource
  /** Resolves when every directory was read once, or could not be. */
  settled(): Promise<void>
  /** Ready as soon as each was read or could not be. What cannot be read or is held back is told, and makes nothing unready:
   * it concerns the applications that name it, and all others go on. */
  readiness(): Readiness
  stop(): Promise<void>
}

export interface DirectoriesOptions {
  /** What file names are relative to. */
  readonly folder: string
  readonly pollMs: number
}

export function openDirectories(
  ports: { readonly policy: PolicyView; readonly log: RolePorts['log']; readonly metrics: RolePorts['metrics'] },
  { folder, pollMs }: DirectoriesOptions,
): Directories {
  const sources = new Map<string, DirectorySource>()
  const metrics = directoryMetrics(ports.metrics, () => sources.values())
  /** The keys that the revision before named: messages pinned to it are still under way. */
  let namedBefore = new Set<string>()

  function keyed(policy: CompiledPolicy, name: string, localPartCase: LocalPartCase) {
    const { file = name, column } = policy.document.directories?.[name] ?? {}
    const path = resolve(folder, file)
    return { key: JSON.stringify([name, path, column, localPartCase]), path, column }
  }

  function source(policy: CompiledPolicy, name: string, localPartCase: LocalPartCase): DirectorySource {
    const { key, path, column } = keyed(policy, name, localPartCase)
    let found = sources.get(key)
    if (!found) {
      found = new DirectorySource({ name, path, column, localPartCase, log: ports.log, onRead: metrics.read })
      sources.set(key, found)
    }
    return found
  }

  function follow(policy: CompiledPolicy): void {
    const named = new Set<string>()
    for (const { name: applicationName } of policy.document.applications) {
      const application = policy.application(applicationName)
      if (!application || application.mode('address') === 'off') continue
      const localPartCase = application.settings('address').localPartCase ?? 'ignore'
      for (const name of application.declared.senders?.directories ?? []) {
        named.add(keyed(policy, name, localPartCase).key)
        source(policy, name, localPartCase)
      }
    }
    for (const [key, closing] of sources) {
      if (named.has(key) || namedBefore.has(key)) continue
      sources.delete(key)
      void closing.stop()
    }
    namedBefore = named
  }

  const first = currentPolicy(ports.policy)
  if (first) follow(first)
  const stopFollowing = ports.policy.onChange(follow)
  const looking = setInterval(() => {
    for (const one of sources.values()) void one.look()
  }, pollMs)

  return {
    source,
    async settled() {
      await Promise.all([...sources.values()].map(({ firstRead }) => firstRead))
    },
    readiness() {
      const all = [...sources.values()]
      return { ready: all.every(({ isFirstReadOver }) => isFirstReadOver), waitingFor: all.flatMap(noteOn) }
    },
    async stop() {
      clearInterval(looking)
      stopFollowing()
      await Promise.all([...sources.values()].map((one) => one.stop()))
    },
  }
}

function noteOn({ name, path, isFirstReadOver, heldBack, problem, content }: DirectorySource): string[] {
  if (!isFirstReadOver) return [`directory ${name} to be read`]
  if (heldBack) return [`directory ${name} to be confirmed: write ${heldBack.revision} to ${path}.confirm, or restore the file`]
  if (problem === undefined) return []
  return [`directory ${name} to become readable: ${problem}${content ? '' : '; nothing is in use for it'}`]
}

function currentPolicy(view: PolicyView): CompiledPolicy | undefined {
  try {
    return view.current()
  } catch {
    return undefined
  }
}
