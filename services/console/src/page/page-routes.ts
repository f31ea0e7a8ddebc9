/** Serves the page under `/`: to everybody who reaches the console, since it knows nothing before somebody signs in. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { PageFile, PageFiles } from './page-files.ts'
import { assetHeaders, pageHeaders, previewHeaders } from './page-headers.ts'

const year = 'public, max-age=31536000, immutable'
const config = { isPublic: true }

/** The page's own addresses: each shows the same document, whose code reads the address. */
const addresses = [
  '/',
  '/applications',
  '/applications/:name',
  '/messages',
  '/messages/:id',
  '/quarantine',
  '/queue',
  '/policy',
  '/audit',
]

export function pageRoutes(app: FastifyInstance, files: PageFiles): void {
  const index = files.get('/index.html')
  for (const address of addresses) {
    app.get(address, { config }, async (request, reply) =>
      index ? send(request, reply.headers(pageHeaders), index) : notBuilt(reply.headers(pageHeaders)),
    )
  }
  for (const [path, file] of files) {
    if (path === '/index.html') continue
    const headers = path === '/preview.html' ? previewHeaders : assetHeaders
    app.get(path, { config }, async (request, reply) => send(request, reply.headers(headers), file))
  }
}

function send(request: FastifyRequest, reply: FastifyReply, { bytes, brotli, type, isImmutable }: PageFile): FastifyReply {
  reply
    .header('cache-control', isImmutable ? year : 'no-cache')
    .header('vary', 'accept-encoding')
    .type(type)
  const takesBrotli = /\bbr\b/.test(String(request.headers['accept-encoding'] ?? ''))
  return brotli && takesBrotli ? reply.header('content-encoding', 'br').send(brotli) : reply.send(bytes)
}

function notBuilt(reply: FastifyReply): FastifyReply {
  return reply
    .code(503)
    .header('cache-control', 'no-store')
    .type('text/plain; charset=utf-8')
    .send('The page of the console has not been built: run "npm run build" and start again. The API answers under /api.\n')
}
