/** The image of deploy/docker/Dockerfile, built from this checkout. */
import { join } from 'node:path'
import type { BaseImages } from './base-image.ts'
import { buildah } from './containers.ts'

const root = join(import.meta.dirname, '../../..')

/** Builds it without what an earlier build left, and returns its name. */
export async function buildGatewayImage(bases: BaseImages, tag: string): Promise<string> {
  const name = `localhost/sallyport:${tag}`
  await buildah([
    'build',
    '--no-cache',
    '--pull-never',
    ...['--timestamp', '0', '--build-arg', 'SOURCE_DATE_EPOCH=0'],
    ...['--build-arg', `BUILD_IMAGE=${bases.build}`, '--build-arg', `RUN_IMAGE=${bases.run}`],
    ...['--ignorefile', join(root, 'deploy/docker/Dockerfile.dockerignore')],
    ...['--file', join(root, 'deploy/docker/Dockerfile'), '--tag', name, root],
  ])
  return name
}
