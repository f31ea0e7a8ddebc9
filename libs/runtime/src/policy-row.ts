/** A policy revision as a row of the table: long documents stand compressed beside the record, so that it stays a record's size. */
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { type PolicyRecord, policyTopicCodec, SallyportError } from '@sallyport/contracts'

/** Shorter ones stay readable where they are. */
const plainUpToBytes = 64 * 1024
/** JSON of a document: what aliases unfold is counted. */
const maxJsonBytes = 8 * 1024 * 1024

/** The row's bytes; fails with POLICY_INVALID where the document unfolds to more than 8 MiB. */
export function encodePolicyRow(record: PolicyRecord): Uint8Array {
  const json = Buffer.from(JSON.stringify(record.document))
  if (json.length > maxJsonBytes) {
    throw new SallyportError('POLICY_INVALID', `the policy unfolds to ${json.length} bytes, more than ${maxJsonBytes}`)
  }
  if (json.length <= plainUpToBytes) return policyTopicCodec.encode(record)
  return policyTopicCodec.encode({ ...record, document: null, packed: 'deflate-raw' }, deflateRawSync(json))
}

/** The revision with its document; undefined for rows of the topic that are none. Fails with UNPARSABLE_RECORD. */
export function decodePolicyRow(key: string, value: Uint8Array | null): PolicyRecord | undefined {
  if (!key.startsWith('document/') || value === null) return undefined
  const { record, bytes } = policyTopicCodec.decode(value)
  if (record.kind !== 'policy') return undefined
  return record.packed === undefined ? record : { ...record, document: unpack(bytes) }
}

function unpack(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(inflateRawSync(bytes, { maxOutputLength: maxJsonBytes }).toString())
  } catch (cause) {
    throw new SallyportError('UNPARSABLE_RECORD', `the policy document cannot be unpacked: ${(cause as Error).message}`, { cause })
  }
}
