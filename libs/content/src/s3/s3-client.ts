/** The object store through the client of AWS, which is loaded only here and only when it is needed. */
import { Readable } from 'node:stream'
import { type CallEnded, timed } from '@sallyport/contracts'
import { inSpan, SpanKind } from '@sallyport/tracing'
import type { PartOfUpload, S3Operations } from './s3-operations.ts'
import { isMissing } from './s3-store-error.ts'

export interface S3Bucket {
  /** `https://` for TLS. */
  readonly endpoint: string
  /** Any word where the store has no regions. Default `us-east-1`. */
  readonly region?: string
  readonly bucket: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** PEM of the authorities to trust; default those of Node. */
  readonly ca?: string
  /** What every key begins with. Default `content/`. */
  readonly prefix?: string
  /** After which an attempt counts as not answered, ms. Default 5,000. */
  readonly answerTimeoutMs?: number
  /** After which an operation with all its attempts fails, ms. Default 15,000. */
  readonly callTimeoutMs?: number
  /** Told of each call, by its operation: `PutObject`. Of what is read only until the answer begins. */
  readonly onCall?: CallEnded | undefined
}

const connectTimeoutMs = 2_000
const attempts = 3
const mostConnections = 128
const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} }

export async function s3Operations(options: S3Bucket): Promise<S3Operations> {
  const { bucket: Bucket, prefix = 'content/', answerTimeoutMs = 5_000, callTimeoutMs = 15_000, ca, onCall } = options
  const sdk = await import('@aws-sdk/client-s3')
  const agent = { maxSockets: mostConnections }
  const client = new sdk.S3Client({
    endpoint: options.endpoint,
    region: options.region ?? 'us-east-1',
    credentials: { accessKeyId: options.accessKeyId, secretAccessKey: options.secretAccessKey },
    forcePathStyle: true,
    maxAttempts: attempts,
    // Contents carry their own SHA-256, and stores that are not Amazon's do not know all of its checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // A round trip before each body, to spare one that is refused: refusals are rare.
    expectContinueHeader: false,
    logger: silent,
    requestHandler: {
      connectionTimeout: connectTimeoutMs,
      requestTimeout: answerTimeoutMs,
      throwOnRequestTimeout: true,
      // Whoever reads may be slow: silence is judged where somebody waits for data.
      socketTimeout: 0,
      logger: silent,
      httpAgent: agent,
      httpsAgent: ca === undefined ? agent : { ...agent, ca },
    },
  })

  client.middlewareStack.add(
    (next, { commandName }) =>
      (input) =>
        timed((commandName ?? '').replace(/Command$/, ''), onCall, () =>
          inSpan(
            `s3 ${commandName}`,
            { kind: SpanKind.CLIENT, attributes: { 'rpc.system.name': 'aws-api', 'aws.s3.bucket': Bucket } },
            () => next(input),
          ),
        ),
    { step: 'initialize' },
  )

  const within = (signal?: AbortSignal): { readonly abortSignal: AbortSignal } => {
    const deadline = AbortSignal.timeout(callTimeoutMs)
    return { abortSignal: signal ? AbortSignal.any([signal, deadline]) : deadline }
  }
  const at = (key: string) => ({ Bucket, Key: prefix + key })
  const ofUpload = ({ key, uploadId }: PartOfUpload) => ({ ...at(key), UploadId: uploadId })

  return {
    async put(key, body, sha256, signal) {
      const command = new sdk.PutObjectCommand({ ...at(key), Body: body, ContentLength: body.byteLength })
      command.middlewareStack.add((next) => (args) => next({ ...args, request: withBodyHash(args.request, sha256) }), {
        step: 'build',
      })
      await client.send(command, within(signal))
    },
    async beginUpload(key, signal) {
      const { UploadId } = await client.send(new sdk.CreateMultipartUploadCommand(at(key)), within(signal))
      return expected(UploadId)
    },
    async uploadPart(upload, part, body, signal) {
      const input = { ...ofUpload(upload), PartNumber: part, Body: body, ContentLength: body.byteLength }
      return expected((await client.send(new sdk.UploadPartCommand(input), within(signal))).ETag)
    },
    async completeUpload(upload, tags, signal) {
      const Parts = tags.map((ETag, index) => ({ ETag, PartNumber: index + 1 }))
      const input = { ...ofUpload(upload), MultipartUpload: { Parts } }
      await client.send(new sdk.CompleteMultipartUploadCommand(input), within(signal))
    },
    async abortUpload(upload) {
      await client.send(new sdk.AbortMultipartUploadCommand(ofUpload(upload)), within())
    },
    async size(key) {
      const head = await unlessMissing(client.send(new sdk.HeadObjectCommand(at(key)), within()))
      return head?.ContentLength
    },
    async get(key, signal) {
      // The deadline is for the answer: the body may take as long as its reader.
      const abort = new AbortController()
      const timer = setTimeout(() => abort.abort(), callTimeoutMs)
      const abortSignal = signal ? AbortSignal.any([signal, abort.signal]) : abort.signal
      try {
        const answer = await unlessMissing(client.send(new sdk.GetObjectCommand(at(key)), { abortSignal }))
        if (answer === undefined) return undefined
        if (!(answer.Body instanceof Readable)) throw new Error('the answer has no body')
        return answer.Body
      } finally {
        clearTimeout(timer)
      }
    },
    async remove(key) {
      await unlessMissing(client.send(new sdk.DeleteObjectCommand(at(key)), within()))
    },
    async list(after) {
      const input = { Bucket, Prefix: prefix, ...(after === undefined ? {} : { StartAfter: prefix + after }) }
      const { Contents = [] } = await client.send(new sdk.ListObjectsV2Command(input), within())
      return Contents.map(({ Key = '' }) => Key.slice(prefix.length))
    },
    async uploads() {
      const { Uploads = [] } = await client.send(new sdk.ListMultipartUploadsCommand({ Bucket, Prefix: prefix }), within())
      return Uploads.map(({ Key = '', UploadId = '' }) => ({ key: Key.slice(prefix.length), uploadId: UploadId }))
    },
    close: () => client.destroy(),
  }
}

async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

function expected(value: string | undefined): string {
  if (value === undefined) throw new Error('the answer lacks what it has to say')
  return value
}

/** The hash of the body is known: the client need not make it again. */
function withBodyHash(request: unknown, sha256: string): unknown {
  if (typeof request === 'object' && request !== null && 'headers' in request && typeof request.headers === 'object') {
    Object.assign(request.headers ?? {}, { 'x-amz-content-sha256': sha256 })
  }
  return request
}
