/** A running gateway with the organization's mail, and a browser to look at it. */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type SmtpSink, smtpSink, temporaryFolder } from '@sallyport/testkit'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { startChromium } from '../infra/chromium.ts'
import { runProgram } from '../infra/run-program.ts'
import { type GatewayProcess, startGatewayProcess } from '../process/gateway-process.ts'
import { organizationPolicy } from './organization.ts'

export interface PageOptions {
  readonly path?: string
  readonly width?: 1280 | 390
  readonly scheme?: 'light' | 'dark'
  /** Whose token is used; null for nobody's. Default admin. */
  readonly scope?: 'viewer' | 'operator' | 'admin' | null
}

export interface OpenPage {
  readonly page: Page
  readonly context: BrowserContext
  /** What no page may do: errors, what the Content-Security-Policy refused, requests that go elsewhere. */
  readonly faults: readonly string[]
}

export interface BrowserStage {
  readonly gateway: GatewayProcess
  /** http://host:port of the console. */
  readonly origin: string
  /** Where mail of the default route goes. */
  readonly sink: SmtpSink
  /** Where mail of the route `bulk` is put off. */
  readonly bulk: SmtpSink
  open(options?: PageOptions): Promise<OpenPage>
  stop(): Promise<void>
}

const root = join(import.meta.dirname, '../..')
const tokens = { viewer: 'viewer-token-of-the-test', operator: 'operator-token-of-the-test' } as const

export async function browserStage(): Promise<BrowserStage> {
  await runProgram(process.execPath, [join(root, 'services/console/web/build.ts')])
  const folder = temporaryFolder()
  const sink = await smtpSink()
  const bulk = await smtpSink({ replies: { rcpt: '451 4.7.1 greylisted, come again' } })
  mkdirSync(folder.join('secrets'))
  for (const [name, token] of Object.entries(tokens)) {
    writeFileSync(folder.join(`secrets/${name}-hash`), createHash('sha256').update(token).digest('hex'))
  }
  const gateway = await startGatewayProcess({
    folder: folder.path,
    policy: organizationPolicy({ main: sink.port, bulk: bulk.port }),
    settings: {
      'console.tokens': JSON.stringify(Object.keys(tokens).map((name) => ({ name, scope: name, hash: `secret:${name}-hash` }))),
    },
  })
  const browser: Browser = await startChromium()
  const origin = `http://127.0.0.1:${gateway.port('console')}`
  return {
    gateway,
    origin,
    sink,
    bulk,
    async open({ path = '/', width = 1280, scheme = 'light', scope = 'admin' } = {}) {
      const context = await browser.newContext({
        viewport: { width, height: width === 390 ? 844 : 900 },
        colorScheme: scheme,
        reducedMotion: 'reduce',
        locale: 'en-GB',
      })
      const page = await context.newPage()
      const faults = watch(page, origin)
      if (scope !== null) {
        const token = scope === 'admin' ? gateway.token() : tokens[scope]
        await page.goto(`${origin}/#token=${encodeURIComponent(token)}`)
        await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
      }
      await page.goto(origin + path)
      return { page, context, faults }
    },
    async stop() {
      await browser.close()
      await gateway.stop()
      await Promise.all([sink.stop(), bulk.stop()])
      folder.remove()
    },
  }
}

function watch(page: Page, origin: string): readonly string[] {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(`error: ${error.stack ?? error.message}`))
  page.on('console', (message) => {
    const text = message.text()
    // An answer of 4xx is an answer: the page tells it.
    if (message.type() === 'error' && !text.startsWith('Failed to load resource')) faults.push(`console: ${text}`)
  })
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) faults.push(`request to ${url}`)
  })
  return faults
}
