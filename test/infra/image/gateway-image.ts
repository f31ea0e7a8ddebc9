/** The image of deploy/docker/Dockerfile, built from this checkout. */
import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { whileLocked } from '../cache-folder.ts'
import type { BaseImages } from './base-image.ts'
import { buildah } from './containers.ts'

const root = join(import.meta.dirname, '../../..')

const testImage = 'localhost/sallyport:test'

/** Its name; built where the one that an earlier test built is of other sources, or on other base images. */
export async function gatewayImage(bases: BaseImages): Promise<string> {
  const format = `{{index .OCIv1.Config.Labels "${sourceLabel}"}}`
  return await whileLocked('gateway-image', async () => {
    const found = await buildah(['inspect', '--type', 'image', '--format', format, testImage]).catch(() => '')
    return found.trim() === sourceHash(bases) ? testImage : await buildGatewayImage(bases, 'test')
  })
}

const sourceLabel = 'sallyport.source'

/** Of every file that the build reads, and of what it builds on. */
function sourceHash({ build, run }: BaseImages): string {
  const patterns = ['package*.json', 'tsconfig.base.json', 'test/package.json', '{libs,services,deploy/sample,deploy/docker}/**/*']
  const isRead = (name: string): boolean => name !== 'node_modules' && !/\.(test|contract|cases)\.ts$/.test(name)
  const files = globSync(patterns, { cwd: root, withFileTypes: true, exclude: ({ name }) => !isRead(name) }).filter((entry) =>
    entry.isFile(),
  )
  const hash = createHash('sha256').update(`${build} ${run}`)
  for (const path of files.map(({ parentPath, name }) => join(parentPath, name)).toSorted())
    hash.update(path.slice(root.length)).update('\0').update(readFileSync(path)).update('\0')
  return hash.digest('hex')
}

/** Builds it without what an earlier build left, and returns its name. */
export async function buildGatewayImage(bases: BaseImages, tag: string): Promise<string> {
  const name = `localhost/sallyport:${tag}`
  await buildah([
    'build',
    '--no-cache',
    '--pull-never',
    ...['--label', `${sourceLabel}=${sourceHash(bases)}`],
    ...['--timestamp', '0', '--build-arg', 'SOURCE_DATE_EPOCH=0'],
    ...['--build-arg', `BUILD_IMAGE=${bases.build}`, '--build-arg', `RUN_IMAGE=${bases.run}`],
    ...['--ignorefile', join(root, 'deploy/docker/Dockerfile.dockerignore')],
    ...['--file', join(root, 'deploy/docker/Dockerfile'), '--tag', name, root],
  ])
  return name
}
