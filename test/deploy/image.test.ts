/** The image, really built from the Dockerfile, and run as Kubernetes would run it. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { eventually, freePort } from '@sallyport/testkit'
import { baseImages } from '../infra/image/base-image.ts'
import { buildah, containersMissing, podman } from '../infra/image/containers.ts'
import { buildGatewayImage, gatewayImage } from '../infra/image/gateway-image.ts'

interface Inspected {
  readonly Size: number
  readonly User: string
  readonly RootFS: { readonly Layers: readonly string[] }
}

const inspect = async (image: string): Promise<Inspected> => {
  const [first] = JSON.parse(await podman(['image', 'inspect', image])) as readonly [Inspected]
  return first
}

suite('the image', { skip: containersMissing }, () => {
  let image: string
  before(async () => {
    image = await gatewayImage(await baseImages())
  })

  test('is below 250 MB and runs as nobody', async () => {
    const { Size, User } = await inspect(image)
    assert.ok(Size < 250_000_000, `${Size} bytes`)
    assert.ok(Size > 100_000_000, `${Size} bytes: Node is missing`)
    assert.equal(User, '65532:65532')
  })

  test('is the same when it is built again', async () => {
    const again = await buildGatewayImage(await baseImages(), 'again')
    assert.deepEqual((await inspect(again)).RootFS.Layers, (await inspect(image)).RootFS.Layers)
  })

  suite('its files', () => {
    let container: string
    let root: string
    before(async () => {
      container = (await buildah(['from', '--pull-never', image])).trim()
      root = (await buildah(['mount', container])).trim()
    })
    after(() => buildah(['rm', container]))

    test('have no shell, no package manager and no build tool', () => {
      const folders = ['bin', 'sbin', 'usr/bin', 'usr/sbin', 'usr/local/bin', 'app/node_modules/.bin']
      const tools = [
        'sh',
        'bash',
        'dash',
        'busybox',
        'npm',
        'npx',
        'apt',
        'apt-get',
        'dpkg',
        'gcc',
        'cc',
        'make',
        'ld',
        'python3',
        'strip',
      ]
      const found = folders
        .flatMap((folder) => tools.map((tool) => join(folder, tool)))
        .filter((path) => existsSync(join(root, path)))
      assert.deepEqual(found, [])
    })

    test('have a bill of materials that names what is in them, and nothing of what only developers need', () => {
      interface Component {
        readonly name: string
        readonly version: string
        readonly purl: string
      }
      const bill = JSON.parse(readFileSync(join(root, 'app/sbom.cdx.json'), 'utf8')) as {
        readonly components: readonly Component[]
      }
      const names = new Set(bill.components.map(({ name }) => name))
      for (const name of ['fastify', 'smtp-server', 'lmdb', 'kafkajs', 'ioredis']) assert.ok(names.has(name), name)
      for (const name of ['typescript', '@biomejs/biome', 'knip']) assert.ok(!names.has(name), name)
      for (const { name, version } of bill.components.filter(({ purl }) => purl?.startsWith('pkg:npm/fastify@'))) {
        const installed = JSON.parse(readFileSync(join(root, 'app/node_modules', name, 'package.json'), 'utf8')) as Component
        assert.equal(installed.version, version)
      }
      assert.ok(!existsSync(join(root, 'app/node_modules/typescript')))
    })

    test('belong to root and are dated by the source, not by the build', () => {
      const { uid, mtimeMs } = statSync(join(root, 'app/services/gateway/src/main.ts'))
      assert.deepEqual({ uid, mtimeMs }, { uid: 0, mtimeMs: 0 })
    })
  })

  suite('running without rights on a read-only root', () => {
    const name = `sallyport-image-test-${process.pid}`
    let smtp: number
    let health: number
    before(async () => {
      smtp = await freePort()
      health = await freePort()
      await podman([
        ...['run', '--detach', '--name', name, '--network', 'host', '--memory', '512m'],
        ...['--read-only', '--read-only-tmpfs=false', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
        ...['--mount', 'type=tmpfs,destination=/data,tmpfs-mode=1777', '--mount', 'type=tmpfs,destination=/tmp'],
        ...[image, '--set', 'data=/data', '--set', 'minFreeBytes=0', '--set', 'console.listen=127.0.0.1:0'],
        ...['--set', `smtp.listen=127.0.0.1:${smtp}`, '--set', `health.listen=127.0.0.1:${health}`],
      ])
    })
    after(() => podman(['rm', '--force', '--time', '0', name]))

    const logs = () => podman(['logs', name])

    test('is alive and ready', async () => {
      const answers = async (path: string): Promise<boolean> =>
        await fetch(`http://127.0.0.1:${health}${path}`).then(
          ({ ok }) => ok,
          () => false,
        )
      await eventually(() => answers('/healthz'), { deadlineMs: 120_000, what: 'the image is alive' }).catch(
        async (error: Error) => {
          throw new Error(`${error.message}\n${await logs()}`)
        },
      )
      await eventually(() => answers('/readyz'), { deadlineMs: 60_000, what: 'the image is ready' })
    })

    test('greets over SMTP', async () => {
      const greeting = await new Promise<string>((resolve, reject) => {
        const socket = connect(smtp, '127.0.0.1').once('error', reject)
        socket.once('data', (bytes) => {
          resolve(bytes.toString('latin1'))
          socket.destroy()
        })
      })
      assert.match(greeting, /^220 /)
    })

    test('is nobody, and cannot write its own files', async () => {
      const script = `const fs = require('node:fs'); let code; try { fs.writeFileSync('/app/x', '') } catch (error) { code = error.code }
        console.log(JSON.stringify({ uid: process.getuid(), code, caps: /CapEff:\\s*(\\w+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1] }))`
      const said = await podman(['exec', name, '/usr/local/bin/node', '-e', script])
      assert.deepEqual(JSON.parse(said), { uid: 65532, code: 'EROFS', caps: '0000000000000000' })
    })

    test('stops in order when it is told to', async () => {
      await podman(['stop', '--time', '60', name])
      assert.equal((await podman(['inspect', '--format', '{{.State.ExitCode}}', name])).trim(), '0')
    })
  })
})
