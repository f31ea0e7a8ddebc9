/** An S3 server on loopback: versitygw over a folder, built from the Go module proxy. */
import { mkdirSync } from 'node:fs'
import { freePort, temporaryFolder } from '@sallyport/testkit'
import { goProgram } from './go-program.ts'
import { type ServerProcess, startServer } from './server-process.ts'

export const versitygw = {
  name: 'versitygw',
  module: 'github.com/versity/versitygw',
  version: 'v1.8.0',
  main: 'github.com/versity/versitygw/cmd/versitygw',
}

export interface S3Options {
  /** The port and folder of an earlier one, for a restart. */
  readonly port?: number
  readonly folder?: string
}

export interface S3 extends ServerProcess {
  readonly port: number
  readonly endpoint: string
  readonly accessKey: string
  readonly secretKey: string
  /** Exists from the start. */
  readonly bucket: string
}

/** Resolves when it answers. The data outlives it only where `folder` is given. */
export async function startS3(options: S3Options = {}): Promise<S3> {
  const program = await goProgram(versitygw)
  const own = options.folder === undefined ? temporaryFolder('sallyport-s3-') : undefined
  const data = options.folder ?? own?.path ?? '.'
  const bucket = 'sallyport'
  // A folder of the posix back end is a bucket.
  mkdirSync(`${data}/${bucket}`, { recursive: true })
  const port = options.port ?? (await freePort())
  const endpoint = `http://127.0.0.1:${port}`
  const [accessKey, secretKey] = ['testkey', 'testsecret']
  const server = await startServer({
    program,
    words: ['--port', `127.0.0.1:${port}`, '--health', '/health', 'posix', data],
    env: { ROOT_ACCESS_KEY: accessKey, ROOT_SECRET_KEY: secretKey },
    answers: () =>
      fetch(`${endpoint}/health`, { signal: AbortSignal.timeout(1_000) }).then(
        ({ ok }) => ok,
        () => false,
      ),
  }).catch((error: unknown) => {
    own?.remove()
    throw error
  })
  const then = (end: () => Promise<void>) => () => end().finally(() => own?.remove())
  return { ...server, port, endpoint, accessKey, secretKey, bucket, kill: then(server.kill), stop: then(server.stop) }
}
