/** The contract of the content store, against a real object store. */
import { readFileSync, writeFileSync } from 'node:fs'
import { after, before, suite } from 'node:test'
import { openS3Content } from '@sallyport/content'
import { contentContract } from '@sallyport/content/contract'
import { temporaryFolder } from '@sallyport/testkit'
import { goMissing } from '../../infra/go-program.ts'
import { type S3, startS3 } from '../../infra/s3.ts'

suite('on S3', { skip: goMissing }, () => {
  const folder = temporaryFolder('sallyport-s3-')
  let s3: S3
  before(async () => {
    s3 = await startS3({ folder: folder.path })
  })
  after(async () => {
    await s3.stop()
    folder.remove()
  })

  const open = () =>
    openS3Content({ endpoint: s3.endpoint, bucket: s3.bucket, accessKeyId: s3.accessKey, secretAccessKey: s3.secretKey })
  contentContract({
    name: 'S3',
    open,
    reopen: open,
    async damage({ key }) {
      const path = folder.join(s3.bucket, 'content', key)
      const bytes = readFileSync(path)
      bytes[1_000] = (bytes[1_000] ?? 0) ^ 1
      writeFileSync(path, bytes)
    },
  })
})
