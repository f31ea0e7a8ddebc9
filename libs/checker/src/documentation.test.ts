/** What docs/add-a-checker.md shows is taken from the page as it stands, type-checked, and run as a checker. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { before, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { RunningRole } from '@sallyport/runtime'
import { testPorts } from '@sallyport/testkit'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../../..')
/** Beside the sources it is found anew by the next run, so that its types are checked again only where something has changed. */
const folder = join(root, 'build/documented-checker')
const written: string[] = []

before(() => {
  rmSync(join(folder, 'services'), { recursive: true, force: true })
  const page = readFileSync(join(root, 'docs/add-a-checker.md'), 'utf8')
  for (const [, path = '', text = ''] of page.matchAll(/^```\w+ (services\/\S+)\n(.*?)^```$/gms)) {
    written.push(path)
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
})

test('the page shows a whole checker', () => {
  const names = written.map((path) => path.replace('services/unsubscribe-check/', ''))
  for (const name of ['src/check.ts', 'src/config.ts', 'src/index.ts', 'src/cases.test.ts', 'cases/policy.json']) {
    assert.ok(names.includes(name), `${name} in ${names.join(', ')}`)
  }
})

test('its code has the types that it must have', async () => {
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: join(root, 'tsconfig.base.json'),
      include: ['services/**/*.ts'],
    }),
  )
  await assert.doesNotReject(
    run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--checkers', '1', '-p', folder]),
  )
})

test('its golden cases pass', async () => {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const cases = join(folder, 'services/unsubscribe-check/src/cases.test.ts')
  const { stdout } = await run(process.execPath, ['--test', '--test-reporter=tap', cases], { env, cwd: folder })
  assert.match(stdout, /# pass 3\n# fail 0/)
})

test('it starts as a role and leaves its group', async () => {
  const index = pathToFileURL(join(folder, 'services/unsubscribe-check/src/index.ts')).href
  const { startUnsubscribeCheck }: { startUnsubscribeCheck: (ports: object) => Promise<RunningRole> } = await import(index)
  const role = await startUnsubscribeCheck(testPorts())
  assert.equal(role.name, 'unsubscribe-check')
  assert.deepEqual(role.readiness(), { ready: false, waitingFor: ['the first policy revision'] })
  await role.stop()
})
