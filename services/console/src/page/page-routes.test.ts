import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { brotliCompressSync } from 'node:zlib'
import { temporaryFolder } from '@sallyport/testkit'
import fastify from 'fastify'
import { readPageFiles } from './page-files.ts'
import { pageRoutes } from './page-routes.ts'

async function served(files: Readonly<Record<string, string>>) {
  using folder = temporaryFolder()
  mkdirSync(folder.join('dist/assets'), { recursive: true })
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(folder.join(`dist/${name}`), text)
    if (!name.endsWith('.txt')) writeFileSync(folder.join(`dist/${name}.br`), brotliCompressSync(text))
  }
  const app = fastify()
  pageRoutes(app, await readPageFiles(folder.join('dist')))
  return app
}
const built = { 'index.html': '<html>', 'preview.html': '<html>preview', 'assets/index-1a2b.js': 'code', 'built-from.txt': 'x' }

test('every address of the page is the same document, which allows no code, style or frame but its own', async () => {
  const app = await served(built)
  for (const url of [
    '/',
    '/applications/billing',
    '/messages/0198a7c2-7b1e-7000-8000-00000000000a',
    '/policy?tab=history',
    '/audit?who=ann',
  ]) {
    const { statusCode, headers, body } = await app.inject(url)
    assert.deepEqual([statusCode, body, headers['cache-control']], [200, '<html>', 'no-cache'], url)
    assert.match(String(headers['content-security-policy']), /default-src 'none'; script-src 'self'; style-src 'self';/)
    assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/)
    assert.doesNotMatch(String(headers['content-security-policy']), /unsafe/)
  }
})

test('the frame for messages has an origin of its own, and loads nothing', async () => {
  const { headers } = await (await served(built)).inject('/preview.html')
  const policy = String(headers['content-security-policy'])
  assert.match(policy, /^sandbox allow-scripts; default-src 'none'; script-src 'self';/)
  assert.match(policy, /img-src data:;/)
  assert.doesNotMatch(policy, /connect-src|allow-same-origin|https?:/)
})

test('files with a hash in their names stay for a year, compressed for whom takes it', async () => {
  const app = await served(built)
  const packed = await app.inject({ url: '/assets/index-1a2b.js', headers: { 'accept-encoding': 'gzip, br' } })
  assert.equal(packed.headers['content-encoding'], 'br')
  assert.equal(packed.headers['cache-control'], 'public, max-age=31536000, immutable')
  assert.equal(packed.headers['content-type'], 'text/javascript; charset=utf-8')
  const plain = await app.inject('/assets/index-1a2b.js')
  assert.deepEqual([plain.body, plain.headers['content-encoding']], ['code', undefined])
})

test('what the build did not make cannot be asked for', async () => {
  const app = await served(built)
  for (const url of [
    '/built-from.txt',
    '/assets/index-1a2b.js.br',
    '/assets/%2e%2e/index.html',
    '/../package.json',
    '/api/anything',
  ]) {
    assert.equal((await app.inject(url)).statusCode, 404, url)
  }
})

test('without a build the page says what to do', async () => {
  const { statusCode, body } = await (await served({})).inject('/')
  assert.equal(statusCode, 503)
  assert.match(body, /npm run build/)
})
