/** Earlier releases: what they left behind, as files of this repository, and their programs, as far as the clone's history reaches. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'

export const root = join(import.meta.dirname, '../..')
export const releaseFolder = join(root, 'test/e2e/19-upgrade/releases')

/** The commit whose program is the release before this one. */
const previousRelease = '54c0654ebee3718fb0cf36fef5dff62f9a7d527c'

/** Versions of which a folder is kept. */
export const keptReleases = (): readonly string[] => readdirSync(releaseFolder).map((file) => basename(file, '.tar.gz'))

export function unpackRelease(version: string, folder: string): void {
  execFileSync('tar', ['-C', folder, '--no-same-owner', '-xzf', join(releaseFolder, `${version}.tar.gz`)])
}

/** Why the program of the release before cannot be run here, or false. */
export function previousMissing(): string | false {
  try {
    execFileSync('git', ['cat-file', '-e', `${previousRelease}^{commit}`], { cwd: root, stdio: 'ignore' })
    return false
  } catch {
    return `the clone has no history back to ${previousRelease.slice(0, 7)}`
  }
}

/** Lays the release before out in `folder`, on the packages that are installed here: a checkout to run, not to change. */
export function checkOutPrevious(folder: string): void {
  const archive = join(folder, '..', `${basename(folder)}.tar`)
  execFileSync('git', ['archive', '--output', archive, previousRelease], { cwd: root })
  mkdirSync(folder, { recursive: true })
  execFileSync('tar', ['-C', folder, '-xf', archive])
  link(join(root, 'node_modules'), join(folder, 'node_modules'), (name) => name !== '@sallyport')
  // Its own packages, and not those of this checkout.
  mkdirSync(join(folder, 'node_modules/@sallyport'))
  for (const kind of ['libs', 'services']) {
    for (const name of readdirSync(join(folder, kind))) {
      symlinkSync(join(folder, kind, name), join(folder, 'node_modules/@sallyport', name))
    }
  }
  for (const service of ['cli', 'console']) {
    const place = join('services', service, 'node_modules')
    link(join(root, place), join(folder, place), () => true)
  }
}

function link(from: string, to: string, isWanted: (name: string) => boolean): void {
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(from).filter(isWanted)) symlinkSync(join(from, name), join(to, name))
}
