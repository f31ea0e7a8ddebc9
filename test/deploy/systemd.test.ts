/** The unit of the embedded form is well formed and locked down, and its stop is longer than the gateway's own drain. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { temporaryFolder } from '@sallyport/testkit'
import { settingsFrom } from '../../services/gateway/src/command-line.ts'
import { askProgram } from '../infra/ask-program.ts'
import { findProgram } from '../infra/find-program.ts'

const path = join(import.meta.dirname, '../../deploy/systemd/sallyport.service')
const unit = readFileSync(path, 'utf8')
const analyze = findProgram('systemd-analyze')
/** From 0 (nothing is left) to 10; systemd itself calls anything below 2 safe. */
const exposureLimit = 2

suite('sallyport.service', { skip: analyze === undefined && 'systemd-analyze is not installed (Debian: systemd)' }, () => {
  test('is well formed', async () => {
    const folder = temporaryFolder('sallyport-unit-')
    try {
      const file = folder.join('sallyport.service')
      // The program is not installed here.
      writeFileSync(file, unit.replace('/opt/sallyport/node_modules/.bin/node', process.execPath))
      const { code, stdout, stderr } = await askProgram(analyze ?? '', ['verify', '--man=no', file])
      assert.equal(code, 0, stdout + stderr)
      assert.equal(stderr.trim(), '')
    } finally {
      folder.remove()
    }
  })

  test('leaves little to whoever takes the program over', async () => {
    const { stdout } = await askProgram(analyze ?? '', ['security', '--offline=true', path])
    const exposure = Number(/Overall exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1])
    assert.ok(exposure < exposureLimit, stdout)
  })

  test('waits for the drain, and starts with words that the gateway takes', () => {
    const [, given = ''] = /^ExecStart=.+main\.ts (.+)$/m.exec(unit) ?? []
    const words = given.split(' ')
    const settings = settingsFrom(
      words.filter((word, index) => word !== '--config' && words[index - 1] !== '--config'),
      {},
    )
    assert.equal(settings.data, '/var/lib/sallyport')
    const stopMs = Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1]) * 1000
    assert.ok(stopMs > settings.smtp.drainMs + settings.delivery.drainMs)
  })
})
