/** After a change of the operations: `node --test --test-update-snapshots services/console/src/api/openapi.test.ts` */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { operations } from '@sallyport/contracts'
import { openApiDocument } from './openapi.ts'

const page = join(import.meta.dirname, '../../../../docs/openapi.json')

test('docs/openapi.json is the document of the operations', (context) => {
  context.assert.fileSnapshot(`${JSON.stringify(openApiDocument(), null, 2)}\n`, page, { serializers: [String] })
})

test('every operation is in it, with its scope and its problems', () => {
  const { paths, openapi } = openApiDocument()
  assert.equal(openapi, '3.1.0')
  for (const [name, { method, path, scope }] of Object.entries(operations)) {
    const found = JSON.parse(JSON.stringify(paths[path]?.[method.toLowerCase()] ?? null))
    assert.deepEqual([found?.operationId, found?.description], [name, `Scope: ${scope}`])
    for (const status of [400, 401, 403, 503]) assert.ok(found.responses[status], `${name} ${status}`)
  }
})
