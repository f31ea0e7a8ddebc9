/** buildah and podman of Debian without a daemon, with their storage in the cache: what works also inside a container. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { answerOf, askProgram, type Question } from '../ask-program.ts'
import { cacheFolder } from '../cache-folder.ts'
import { findProgram } from '../find-program.ts'

const needed = ['buildah', 'podman', 'runc', 'strip']
/** Why tests with images are skipped here, or false. */
export const containersMissing =
  (needed.some((program) => findProgram(program) === undefined) || process.getuid?.() !== 0) &&
  'needs root and buildah, podman, runc and strip (Debian: buildah podman runc catatonit binutils)'

const storage = (): string[] => {
  const folder = cacheFolder('containers')
  return ['--root', join(folder, 'root'), '--runroot', join(folder, 'run'), '--storage-driver', 'vfs']
}

/** Rejects with what it said. */
export function buildah(words: readonly string[], question: Question = {}): Promise<string> {
  const [command = '', ...rest] = words
  const isolation = command === 'build' ? ['--isolation', 'chroot'] : []
  return answerOf('buildah', [...storage(), command, ...isolation, ...rest], { deadlineMs: 900_000, ...question })
}

/** Rejects with what it said. */
export function podman(words: readonly string[], question: Question = {}): Promise<string> {
  return answerOf('podman', [...storage(), ...words], { ...question, env: { ...question.env, ...podmanEnvironment() } })
}

/** What a container said so far, on stdout and then on stderr. */
export async function containerLogs(container: string): Promise<string> {
  const { stdout, stderr } = await askProgram('podman', [...storage(), 'logs', container], { env: podmanEnvironment() })
  return stdout + stderr
}

function podmanEnvironment(): Readonly<Record<string, string>> {
  // crun refuses mixed cgroups, and limits may only be lowered where root lacks CAP_SYS_RESOURCE.
  const file = join(cacheFolder('containers'), 'containers.conf')
  writeFileSync(
    file,
    '[containers]\ndefault_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]\n[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\n',
  )
  return { CONTAINERS_CONF: file }
}
