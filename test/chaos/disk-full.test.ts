/** A disk that fills: clients are told 452 or 451, nothing that got a 250 is lost, and mail is taken again without a restart. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { eventually, type TemporaryFolder, temporaryFolder } from '@sallyport/testkit'
import { startCountingSink } from '../process/counting-sink.ts'
import { type GatewayProcess, startGatewayProcess } from '../process/gateway-process.ts'
import { audit, type Load, startLoad } from '../process/load.ts'
import { oneApplication } from '../process/policies.ts'

const mebi = 1024 * 1024
const diskBytes = 128 * mebi
const skip = !canMount() && 'needs root and mount'

for (const { name, minFreeBytes, ballastBytes } of [
  { name: 'a disk that is full to the last byte', minFreeBytes: 0, ballastBytes: 48 * mebi },
  { name: 'a disk with less left than minFreeBytes', minFreeBytes: 48 * mebi, ballastBytes: 0 },
]) {
  test(`${name} refuses mail, loses none, and recovers by itself`, { skip, timeout: 180_000 }, async (t) => {
    using folder = temporaryFolder()
    using _disk = smallDisk(folder)
    const ballast = folder.join('data/ballast')
    if (ballastBytes > 0) writeFileSync(ballast, Buffer.alloc(ballastBytes))
    const sink = await startCountingSink({ hangs: true })
    const gateway = await startGatewayProcess({
      folder: folder.path,
      policy: oneApplication({ nextHop: sink.port, mode: 'enforce' }),
      settings: { minFreeBytes: String(minFreeBytes), 'log.level': 'fatal' },
    })
    const loads: Load[] = []
    const load = (): Load => {
      const started = startLoad({
        port: () => gateway.port('smtp'),
        clients: 8,
        // Inline in the records, and beyond that as files of their own.
        bodyBytes: (index) => (index % 10 === 0 ? 200_000 : 20_000),
      })
      loads.push(started)
      return started
    }
    try {
      const filling = load()
      await eventually(() => refusals(filling) > 100, { deadlineMs: 60_000, what: 'refusals' })
      await filling.stop()
      t.diagnostic(
        `${filling.promised.length} accepted, refused: ${JSON.stringify([...filling.refused])}, free ${freeMib(folder)} MiB`,
      )
      for (const code of filling.refused.keys()) assert.match(code, /^45[12]$/)
      if (minFreeBytes > 0) {
        assert.ok((filling.refused.get('452') ?? 0) > 0, 'no 452')
        assert.ok(freeBytes(folder) > 0, 'the disk was filled all the same')
      }
      assert.equal(sink.received.size, 0)

      sink.open()
      if (ballastBytes > 0) rmSync(ballast)
      await allArrived(filling)
      const again = load()
      await eventually(() => again.promised.length > 50, { deadlineMs: 60_000, what: 'mail accepted again' })
      await again.stop()
      await allArrived(again)
    } finally {
      for (const each of loads) await each.stop()
      await gateway.kill()
      await sink.stop()
    }

    async function allArrived(sent: Load): Promise<void> {
      await eventually(() => sent.promised.every(({ token }) => sink.received.has(token)), { deadlineMs: 90_000 }).catch(() => {})
      const { promised, lost } = audit(sent.promised, sink.received)
      assert.deepEqual(lost, [], `of ${promised}: ${gateway.log().slice(-2_000)}`)
    }
  })
}

test('the gateway says so when it is started on a full disk', { skip }, async () => {
  using folder = temporaryFolder()
  using _disk = smallDisk(folder)
  const sink = await startCountingSink()
  const options = { folder: folder.path, policy: oneApplication({ nextHop: sink.port, mode: 'monitor' }) }
  let gateway: GatewayProcess = await startGatewayProcess(options)
  try {
    await gateway.stop()
    const ballast = folder.join('data/ballast')
    fill(folder, ballast)
    gateway = await startGatewayProcess(options).catch((error: Error) => {
      assert.match(error.message, /full|no space|free/i)
      rmSync(ballast)
      return startGatewayProcess(options)
    })
    rmSync(ballast, { force: true })
    const sending = startLoad({ port: () => gateway.port('smtp'), clients: 2 })
    await eventually(() => sending.promised.length > 5, { deadlineMs: 30_000 })
    await sending.stop()
    await eventually(() => sending.promised.every(({ token }) => sink.received.has(token)), { deadlineMs: 30_000 })
  } finally {
    await gateway.kill()
    await sink.stop()
  }
})

function refusals(load: Load): number {
  let count = 0
  for (const times of load.refused.values()) count += times
  return count
}

function freeBytes(folder: TemporaryFolder): number {
  const { bavail, bsize } = statfsSync(folder.join('data'))
  return bavail * bsize
}

const freeMib = (folder: TemporaryFolder): string => (freeBytes(folder) / mebi).toFixed(1)

function fill(folder: TemporaryFolder, path: string): void {
  writeFileSync(path, Buffer.alloc(freeBytes(folder)))
}

function smallDisk(folder: TemporaryFolder): Disposable {
  const path = folder.join('data')
  mkdirSync(path)
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskBytes}`, 'tmpfs', path])
  return { [Symbol.dispose]: () => void execFileSync('umount', ['-l', path]) }
}

function canMount(): boolean {
  if (process.getuid?.() !== 0) return false
  using probe = temporaryFolder()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', probe.path], { stdio: 'ignore' })
    execFileSync('umount', [probe.path], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
