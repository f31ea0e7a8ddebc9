import assert from 'node:assert/strict'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { SallyportError, topics } from '@sallyport/contracts'
import { eventually, recordingLogger, temporaryFolder, testPorts } from '@sallyport/testkit'
import { policyText } from './policy.cases.ts'
import { seedPolicyFromFile, watchPolicyFile } from './policy-file.ts'
import { createPolicyPublisher } from './policy-publisher.ts'

const faulty = 'organization: { name: 5 }\napplications: no\n'

test('the file seeds an empty gateway and only that', async () => {
  using folder = temporaryFolder()
  const path = folder.join('policy.yaml')
  const ports = testPorts()
  const publisher = await createPolicyPublisher(ports)
  writeFileSync(path, policyText('seed'))
  const { log, lines } = recordingLogger()
  await seedPolicyFromFile(publisher, path, log)
  assert.doesNotMatch(JSON.stringify(lines), /is not read/)
  writeFileSync(path, policyText('changed'))
  await seedPolicyFromFile(publisher, path, log)
  assert.match(JSON.stringify(lines), /policy\.yaml is not read, revision 1 holds/)
  assert.equal(ports.bus.records(topics.policy.name).length, 1)
  assert.deepEqual([publisher.current()?.author, publisher.current()?.revision], ['file', 1])
})

const unusable: readonly [string, string | undefined, RegExp][] = [
  ['a file with faults', faulty, /has \d faults:(\n {2}line \d, \/.*){4}/],
  ['a missing file', undefined, /cannot be read .*correct "policy"/],
]
for (const [name, text, message] of unusable) {
  test(`an empty gateway does not start with ${name}, in either way`, async () => {
    using folder = temporaryFolder()
    const path = folder.join('policy.yaml')
    if (text !== undefined) writeFileSync(path, text)
    const publisher = await createPolicyPublisher(testPorts())
    const isTold = (error: unknown): boolean =>
      error instanceof SallyportError && error.code === 'POLICY_INVALID' && message.test(error.message)
    await assert.rejects(seedPolicyFromFile(publisher, path, recordingLogger().log), isTold)
    await assert.rejects(watchPolicyFile(publisher, path, { pollMs: 5, log: recordingLogger().log }), isTold)
  })
}

test('a watched file is the source: changes are applied, faults and a missing file keep the last good revision', async () => {
  using folder = temporaryFolder()
  const path = folder.join('policy.yaml')
  const { log, lines } = recordingLogger()
  const publisher = await createPolicyPublisher(testPorts())
  const write = (text: string): void => {
    writeFileSync(`${path}.new`, text)
    renameSync(`${path}.new`, path)
  }
  write(policyText('one'))
  const watch = await watchPolicyFile(publisher, path, { pollMs: 3, log })
  assert.equal(publisher.current()?.revision, 1)
  write(policyText('two'))
  await eventually(() => publisher.current()?.revision === 2)
  write(faulty)
  await eventually(() => lines.some(({ msg }) => msg?.startsWith('the policy file is not used')))
  const logged = JSON.stringify(lines)
  assert.match(logged, /organization\/name/)
  assert.match(logged, /applications/)
  rmSync(path)
  await eventually(() => lines.length === 2)
  assert.equal(publisher.current()?.revision, 2)
  write(policyText('three'))
  await eventually(() => publisher.current()?.revision === 3)
  await watch.stop()
  const again = await watchPolicyFile(publisher, path, { pollMs: 3, log })
  assert.equal(publisher.current()?.revision, 3)
  await again.stop()
  assert.equal(lines.length, 2)
})

test('a bus that is away for a while delays a watched change', async () => {
  using folder = temporaryFolder()
  const path = folder.join('policy.yaml')
  const { log, lines } = recordingLogger()
  const ports = testPorts()
  const publisher = await createPolicyPublisher(ports)
  writeFileSync(path, policyText('one'))
  const watch = await watchPolicyFile(publisher, path, { pollMs: 3, log })
  ports.bus.faults.publish = () => new SallyportError('BUS_UNAVAILABLE', 'away')
  writeFileSync(path, policyText('number two'))
  await eventually(() => lines.length > 0)
  ports.bus.faults.publish = undefined
  await eventually(() => publisher.current()?.revision === 2)
  await watch.stop()
})
