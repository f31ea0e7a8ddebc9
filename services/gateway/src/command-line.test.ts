import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { commandFrom, settingsFrom } from './command-line.ts'
import { roleNames } from './role-names.ts'

const folder = mkdtempSync(join(tmpdir(), 'sallyport-settings-'))
after(() => rmSync(folder, { recursive: true }))

test('without a file: SMTP on 2525, console on 8080, data in ./data, every role', () => {
  const settings = settingsFrom([], {})
  assert.deepEqual(settings.smtp.listen, ['127.0.0.1:2525'])
  assert.equal(settings.console.listen, '127.0.0.1:8080')
  assert.equal(settings.data, './data')
  assert.deepEqual(settings.roles, [...roleNames])
})

test('--config, SALLYPORT_CONFIG, --roles and --set are understood', () => {
  const path = join(folder, 'sallyport.yaml')
  writeFileSync(path, 'data: /from-file\nsmtp:\n  listen: 127.0.0.1:25\n')
  for (const settings of [
    settingsFrom(['--config', path, '--roles', 'ingress,verdict', '--set', 'console.listen=127.0.0.1:9'], {}),
    settingsFrom(['--roles', 'ingress,verdict'], { SALLYPORT_CONFIG: path, SALLYPORT_CONSOLE_LISTEN: '127.0.0.1:9' }),
  ]) {
    assert.equal(settings.data, '/from-file')
    assert.equal(settings.smtp.listen, '127.0.0.1:25')
    assert.deepEqual(settings.roles, ['ingress', 'verdict'])
    assert.equal(settings.console.listen, '127.0.0.1:9')
  }
})

test('--migrate is a word of its own', () => {
  assert.equal(commandFrom([], {}).isMigration, false)
  const { settings, isMigration } = commandFrom(['--roles', 'console', '--migrate'], {})
  assert.deepEqual([settings.roles, isMigration], [['console'], true])
})

test('roles have their own settings, with the defaults of the role for the rest', () => {
  const { delivery, verdict } = settingsFrom(['--set', 'delivery.retryTiers=1m,1h', '--set', 'delivery.tierMs.1m=30000'], {
    SALLYPORT_VERDICT_LATE_WINDOW_MS: '5000',
  })
  assert.deepEqual([delivery.retryTiers, delivery.tierMs['1m'], delivery.tierMs['1h']], [['1m', '1h'], 30_000, 3_600_000])
  assert.deepEqual([verdict.lateWindowMs, verdict.rememberMs], [5000, 600_000])
})

test('a misspelt variable is no fault, yet is told, also beside the faults that it may be the cause of', () => {
  const environment = { SALLYPORT_SMPT_LISTEN: '127.0.0.1:25', SALLYPORT_SMTP_SERVICE_HOST: '10.0.0.1', SALLYPORT_TOKEN: 'x' }
  const meant = { path: 'SALLYPORT_SMPT_LISTEN', hint: 'did you mean SALLYPORT_SMTP_LISTEN?' }
  const { ignored } = commandFrom([], environment)
  assert.deepEqual(ignored, [{ ...meant, message: 'is not a setting, and is ignored' }])
  const kafka = { SALLYPORT_KAFKA_BROKER: 'kafka:9092', SALLYPORT_REDIS_ADDRESS: 'redis:6379' }
  assert.throws(
    () => commandFrom([], kafka),
    /has 1 fault:\n {2}redis: .*\nin the environment:\n {2}SALLYPORT_KAFKA_BROKER: .*did you mean SALLYPORT_KAFKA_BROKERS\?/,
  )
})

for (const { words, says } of [
  { words: ['--port', '25'], says: /Unknown option '--port'[\s\S]*known: --config FILE/ },
  { words: ['--config', join(folder, 'missing.yaml')], says: /missing.yaml cannot be read/ },
  { words: ['--set', 'delivery.data=/tmp'], says: /delivery\.data: is not a setting/ },
  { words: ['--set', 'console.token='], says: /console\.token: .*one word of visible ASCII characters/ },
  { words: ['--set', 'log.level=loud'], says: /log\.level: must be one of fatal, error, warn, info, debug, trace, silent/ },
  { words: ['--set', 'smtp.listen=25'], says: /smtp\.listen: "25" is not host:port/ },
  { words: ['--set', 'smtp.lisen=x', '--roles', 'ingres', '--set', 'health.listen=5'], says: /2 faults|3 faults/ },
]) {
  test(`refused, with what to do: ${words.join(' ').replace(folder, '')}`, () => {
    assert.throws(
      () => settingsFrom(words, {}),
      (error: Error & { code?: string }) => error.code === 'CONFIG_INVALID' && says.test(error.message),
    )
  })
}
