/** The topology of deploy/compose: every role, settings that the gateway takes, and a Prometheus that finds all of them. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { parse } from 'yaml'
import { settingsFrom } from '../../services/gateway/src/command-line.ts'
import { roleNames } from '../../services/gateway/src/role-names.ts'
import { askProgram } from '../infra/ask-program.ts'
import { findProgram } from '../infra/find-program.ts'
import { composeFolder as folder, composeServices as services } from './compose-file.ts'

suite('deploy/compose', () => {
  test('has one service for each role, and the gateway takes what each is started with', () => {
    const roles = Object.entries(services).filter(([, { image }]) => image === 'sallyport')
    assert.deepEqual(roles.map(([name]) => name).toSorted(), roleNames.toSorted())
    for (const [name, { command = [], profiles, read_only }] of roles) {
      const words = command.map((word) => (word === '/etc/sallyport/sallyport.yaml' ? join(folder, 'roles.yaml') : word))
      assert.deepEqual(settingsFrom(words, {}).roles, [name])
      assert.deepEqual({ profiles, read_only }, { profiles: ['roles'], read_only: true })
    }
  })

  test('takes the settings of the servers alone', () => {
    assert.equal(settingsFrom(['--config', join(folder, 'sallyport.yaml')], {}).kafka?.replication, 1)
  })

  test('publishes on loopback only, and mounts what exists', () => {
    for (const [name, { ports = [], volumes = [], depends_on = {} }] of Object.entries(services)) {
      for (const port of ports) assert.match(port, /^127\.0\.0\.1:/, name)
      for (const volume of volumes.filter((each) => each.startsWith('.')))
        assert.ok(existsSync(join(folder, volume.split(':')[0] ?? '')), volume)
      for (const other of Object.keys(depends_on)) assert.ok(services[other], other)
    }
  })

  test('Prometheus looks for every role, with a configuration that promtool takes', async (t) => {
    const path = join(folder, 'prometheus.yml')
    const { scrape_configs } = parse(readFileSync(path, 'utf8')) as {
      readonly scrape_configs: readonly { readonly dns_sd_configs: readonly { readonly names: readonly string[] }[] }[]
    }
    assert.deepEqual(scrape_configs[0]?.dns_sd_configs[0]?.names.toSorted(), roleNames.toSorted())
    const promtool = findProgram('promtool')
    if (promtool === undefined) return t.skip('promtool is not installed (Debian: prometheus)')
    const { code, stdout, stderr } = await askProgram(promtool, ['check', 'config', '--syntax-only', path])
    assert.equal(code, 0, stdout + stderr)
  })
})
