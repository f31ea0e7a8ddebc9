import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { RenewedMap, RenewedSet } from './renewed-map.ts'

const steps = fc.array(
  fc.record({ key: fc.nat(40), does: fc.constantFrom('set', 'set', 'delete', 'delete', 'get', 'clear' as const), value: fc.nat() }),
  { maxLength: 400 },
)

test('a map does what Map does, in its order', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const model = new Map<number, number>()
      const renewed = new RenewedMap<number, number>()
      for (const { key, does, value } of all) {
        if (does === 'set') assert.equal(renewed.set(key, value).size, model.set(key, value).size)
        else if (does === 'delete') assert.equal(renewed.delete(key), model.delete(key))
        else if (does === 'get') assert.deepEqual([renewed.get(key), renewed.has(key)], [model.get(key), model.has(key)])
        else if (value % 8 === 0) {
          renewed.clear()
          model.clear()
        }
        assert.deepEqual([...renewed], [...model])
        assert.deepEqual(renewed.first(), [...model][0])
      }
      assert.deepEqual([[...renewed.keys()], [...renewed.values()]], [[...model.keys()], [...model.values()]])
    }),
  )
})

test('a set does what Set does, in its order', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const model = new Set<number>()
      const renewed = new RenewedSet<number>()
      for (const { key, does, value } of all) {
        if (does === 'set') assert.equal(renewed.add(key).size, model.add(key).size)
        else if (does === 'delete') assert.equal(renewed.delete(key), model.delete(key))
        else if (does === 'get') assert.equal(renewed.has(key), model.has(key))
        else if (value % 8 === 0) {
          renewed.clear()
          model.clear()
        }
        assert.deepEqual([...renewed], [...model])
        assert.equal(renewed.first(), [...model][0])
      }
    }),
  )
})

test('who goes through it may delete what he sees and what is to come, however often it is renewed meanwhile', () => {
  const map = new RenewedMap<number, number>()
  const set = new RenewedSet<number>()
  for (let n = 0; n < 100; n++) {
    map.set(n, n)
    set.add(n)
  }
  const seen: number[] = []
  for (const [key] of map) {
    seen.push(key)
    map.delete(key)
    map.delete(key + 1)
    map.set(1_000 + key, 0)
    if (seen.length === 50) break
  }
  const seenInSet: number[] = []
  for (const item of set) {
    seenInSet.push(item)
    set.delete(item)
    set.delete(item + 1)
  }
  const even = Array.from({ length: 50 }, (_, index) => index * 2)
  assert.deepEqual([seen, seenInSet, map.size, set.size], [even, even, 50, 0])
})

test('a value that changed comes as it is', () => {
  const map = new RenewedMap<number, string>()
  for (let n = 0; n < 30; n++) map.set(n, 'old')
  for (const [key, value] of map) {
    if (key === 0) {
      for (let n = 1; n < 29; n++) map.delete(n)
      map.set(29, 'new')
    } else assert.deepEqual([key, value], [29, 'new'])
  }
})

test('what was deleted does not outlive young collections, as it does in a Map whose table is of the old generation', () => {
  const [plain, renewed] = [outliving('map'), outliving('renewed')]
  assert.ok(plain > 4 * 2 ** 20, `V8 keeps no tables any more (${plain} bytes): RenewedMap may go`)
  assert.ok(renewed < 2 ** 20, `${renewed} bytes outlived young collections`)
})

test('nor does what a frame says that is gone', () => {
  const bytes = outliving('frames')
  assert.ok(bytes < 2 ** 20, `${bytes} bytes outlived young collections`)
})

const churn = fileURLToPath(new URL('./churn.cases.ts', import.meta.url))
const outliving = (kind: string): number =>
  Number(execFileSync(process.execPath, ['--expose-gc', '--max-semi-space-size=16', churn, kind], { encoding: 'utf8' }))
