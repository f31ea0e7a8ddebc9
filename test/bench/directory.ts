/**
 * A directory of a million addresses: the memory that it holds, what the process grows by, how long building it and asking
 * it takes.
 *
 *   node --expose-gc test/bench/directory.ts [--addresses 1000000] [--out directory]
 *
 * Goals: at most 20 MB, and a look-up under 5 µs. Writes results/directory.json.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readDirectory } from '../../services/address-check/src/directory/read-directory.ts'

const { values: options } = parseArgs({
  options: { addresses: { type: 'string', default: '1000000' }, out: { type: 'string', default: 'directory' } },
})
const count = Number(options.addresses)
const questions = 1_000_000
const rounds = 5

const nameOf = (at: number): string => `firstname.lastname${(at * 2_654_435_761) % 4_294_967_296}@department${at % 50}.example.com`

/** Bytes, after a collection where node was started with --expose-gc. */
function residentBytes(): number {
  globalThis.gc?.()
  return process.memoryUsage.rss()
}

/** Ns for each question; the best of some rounds, since other work on the machine only makes it longer. */
function nanosecondsEach(has: (address: string) => boolean, ask: (at: number) => string, expected: boolean): number {
  const asked = Array.from({ length: questions }, (_, at) => ask(at))
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds; round++) {
    let found = 0
    const began = process.hrtime.bigint()
    for (const address of asked) if (has(address)) found++
    best = Math.min(best, Number(process.hrtime.bigint() - began) / questions)
    if (found !== (expected ? questions : 0)) throw new Error(`${found} of ${questions} were found`)
  }
  return Math.round(best)
}

const folder = mkdtempSync(join(tmpdir(), 'sallyport-directory-'))
try {
  const path = join(folder, 'directory.txt')
  writeFileSync(path, '')
  const blocks = 100
  for (let block = 0; block < blocks; block++) {
    const from = Math.floor((count * block) / blocks)
    const to = Math.floor((count * (block + 1)) / blocks)
    writeFileSync(path, Array.from({ length: to - from }, (_, at) => `${nameOf(from + at)}\n`).join(''), { flag: 'a' })
  }
  const before = residentBytes()
  let peak = before
  const watching = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 5)
  const began = performance.now()
  const { addresses } = await readDirectory({ path, localPartCase: 'ignore' })
  const readMs = Math.round(performance.now() - began)
  clearInterval(watching)
  const grownBytes = residentBytes() - before
  const result = {
    at: new Date().toISOString(),
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, node ${process.version}`,
    addresses: addresses.size,
    heldBytes: addresses.heldBytes,
    bytesPerAddress: Math.round((addresses.heldBytes / addresses.size) * 100) / 100,
    grownBytes,
    peakGrownBytes: peak - before,
    readMs,
    hitNs: nanosecondsEach(
      (address) => addresses.has(address),
      (at) => nameOf((at * 7919) % count),
      true,
    ),
    missNs: nanosecondsEach(
      (address) => addresses.has(address),
      (at) => `stranger${at}@department${at % 50}.example.com`,
      false,
    ),
  }
  const results = join(import.meta.dirname, 'results')
  mkdirSync(results, { recursive: true })
  writeFileSync(join(results, `${options.out}.json`), `${JSON.stringify(result, undefined, 2)}\n`)
  process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`)
} finally {
  rmSync(folder, { recursive: true })
}
