/** The API against its own document: schemathesis makes requests that fit it and that do not, and checks every answer. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { smtpClient, temporaryFolder } from '@sallyport/testkit'
import { schemathesis } from '../../infra/schemathesis.ts'
import { type CountingSink, startCountingSink } from '../../process/counting-sink.ts'
import { type GatewayProcess, startGatewayProcess } from '../../process/gateway-process.ts'
import { oneApplication } from '../../process/policies.ts'

const document = join(import.meta.dirname, '../../../docs/openapi.json')
const program = await schemathesis()
const folder = temporaryFolder()
let sink: CountingSink | undefined
let gateway: GatewayProcess | undefined
after(async () => {
  await gateway?.stop()
  await sink?.stop()
  folder.remove()
})

/** What the checks of it mean here: a change upon a revision is not acceptable by its shape alone. */
const configuration = [
  '--phases=examples,coverage,fuzzing',
  '--checks=all',
  '--exclude-checks=positive_data_acceptance',
  // A stream that does not end.
  '--exclude-operation-id=streamEvents',
  // It has no way to write lines of JSON.
  '--exclude-operation-id=restoreRecords',
  '--max-examples=15',
  '--seed=1',
  '--request-timeout=20',
  '--no-color',
]

test('no request makes the API answer what its document does not promise', {
  skip: program ? false : 'python3 with venv is missing',
}, async () => {
  sink = await startCountingSink()
  gateway = await startGatewayProcess({ folder: folder.path, policy: oneApplication({ nextHop: sink.port, mode: 'monitor' }) })
  const client = await smtpClient({ port: gateway.port('smtp') })
  await client.ehlo()
  await client.send({
    from: 'x@stranger.example',
    to: 'b@example.net',
    content: 'From: x@stranger.example\r\nSubject: x\r\n\r\nx\r\n',
  })
  await client.quit()
  const words = [
    'run',
    document,
    `--url=http://${gateway.addresses.console}`,
    '--header',
    `Authorization: Bearer ${gateway.token()}`,
  ]
  const { code, output } = await ended(program ?? '', [...words, ...configuration])
  assert.equal(code, 0, output)
  assert.doesNotMatch(gateway.log(), /"level":(50|"error").*a request failed/)
})

function ended(name: string, words: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(name, [...words], { cwd: folder.path, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-30_000)
    })
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve({ code, output }))
  })
}
