/**
 * Keeps what the present release leaves behind, for the tests of all later ones: at each release
 * `npm run release:keep` writes test/e2e/19-upgrade/releases/VERSION.tar.gz.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@sallyport/testkit'
import { leaveMailBehind } from './leave-mail-behind.ts'
import { releaseFolder } from './releases.ts'

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
  readonly version: string
}
using folder = temporaryFolder('sallyport-release-')
const left = await leaveMailBehind(folder.path)
writeFileSync(folder.join('left.json'), `${JSON.stringify(left, undefined, 1)}\n`)
mkdirSync(releaseFolder, { recursive: true })
const file = join(releaseFolder, `${version}.tar.gz`)
execFileSync('tar', ['-C', folder.path, '--sparse', '-czf', file, '.'])
console.log(file)
