/**
 * A root of its own for commands that an operator would run as root: the programs of this machine, but an `/etc`, `/opt` and `/var` of a
 * folder, in a mount namespace that is gone with the last process. systemctl is told that no systemd runs: units are enabled, and not started.
 */
import { cpSync, lstatSync, mkdirSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram } from './find-program.ts'

/** Why tests with such a root are skipped here, or false. */
export const otherRootMissing =
  (process.getuid?.() !== 0 || ['unshare', 'chroot', 'setpriv', 'git'].some((name) => findProgram(name) === undefined)) &&
  'needs root, unshare, chroot, setpriv and git (Debian: util-linux coreutils git)'

const own = ['etc', 'opt', 'var', 'run']

/** The words that run `command` there with bash. `folder` is empty the first time; what the commands leave stays in it. */
export function inOtherRoot(folder: string, command: string): readonly string[] {
  if (readdirSync(folder).length === 0) {
    cpSync('/etc', join(folder, 'etc'), { recursive: true, verbatimSymlinks: true })
    for (const name of ['opt', 'var/lib', 'run']) mkdirSync(join(folder, name), { recursive: true })
  }
  const root = '/mnt'
  const entries = readdirSync('/').filter((name) => !own.includes(name) && name !== 'mnt' && !name.startsWith('.'))
  const script = [
    // As of the machine, before the mount hides it.
    `mount --bind ${folder} /media`,
    `mount -t tmpfs tmpfs ${root}`,
    ...entries.map((name) => {
      const path = `/${name}`
      if (lstatSync(path).isSymbolicLink()) return `ln -s ${readlinkSync(path)} ${root}${path}`
      return lstatSync(path).isDirectory() ? `mkdir ${root}${path}; mount --rbind ${path} ${root}${path}` : ':'
    }),
    ...own.map((name) => `mkdir ${root}/${name}; mount --bind /media/${name} ${root}/${name}`),
    `exec chroot ${root} bash -ec "$COMMAND"`,
  ]
  return [
    'unshare',
    '--mount',
    '--propagation',
    'private',
    'env',
    'SYSTEMD_OFFLINE=1',
    `COMMAND=${command}`,
    'bash',
    '-ec',
    script.join('\n'),
  ]
}
