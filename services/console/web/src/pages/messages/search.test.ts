import assert from 'node:assert/strict'
import { test } from 'node:test'
import { idIn, searchOf } from './search.ts'

test('the address of the page is the search; what is no filter is passed over', () => {
  const search = new URLSearchParams('sender=%40example.com&verdict=would-refuse&status=lost&time=24h&recipient=+&tab=x')
  assert.deepEqual(searchOf(search, 100_000_000), {
    query: { sender: '@example.com', verdict: 'would-refuse', since: 13_600_000 },
    hasFilter: true,
  })
  assert.deepEqual(searchOf(new URLSearchParams(), 5), { query: {}, hasFilter: false })
})

test('an id is found in what people paste', () => {
  const id = '0198a7c2-7b1e-7000-8000-00000000000a'
  assert.equal(idIn(`250 2.6.0 accepted ${id.toUpperCase()}\r\n`), id)
  assert.equal(idIn(`X-Sallyport-Id: ${id}`), id)
  assert.equal(idIn('billing'), undefined)
})
