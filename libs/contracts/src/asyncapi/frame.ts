/** What the published contract says of the bytes of a record: `codec.ts` for programs in other languages. */

/** The media type of a framed record. */
export const frameContentType = 'application/vnd.sallyport.record'

/** The frame in numbers, so that a program can follow it; the value of `x-frame`. */
export const frame = {
  parts: [
    {
      name: 'metadataBytes',
      bytes: 4,
      type: 'uint32',
      byteOrder: 'big-endian',
      description: 'how many bytes the metadata has',
    },
    {
      name: 'metadata',
      bytes: 'metadataBytes',
      type: 'JSON object (RFC 8259) in UTF-8 without a byte order mark',
      description: 'what the payload schema of the message describes',
    },
    {
      name: 'content',
      bytes: 'all that remain; none in a record without content',
      type: 'octets',
      description: 'raw bytes of the message (RFC 5322), never base64; x-content says which',
    },
  ],
  example: {
    description: '{"v":1} with the content "Hi"',
    hex: '000000077b2276223a317d4869',
    metadata: { v: 1 },
    contentText: 'Hi',
  },
}

export const frameText = `A record's value is one frame:

| offset | length | |
| --- | --- | --- |
| 0 | 4 | N: unsigned integer, big-endian |
| 4 | N | metadata: a JSON object in UTF-8 |
| 4 + N | the rest | content: raw bytes, as \`x-content\` of the message says |

The example \`000000077b2276223a317d4869\` is \`{"v":1}\` with the content \`Hi\`. \`payload\` describes the metadata.
Fields that a reader does not know are of a newer version: it ignores them, and keeps them where it writes the record again. A
value of null (a Kafka tombstone) deletes the row of a table. What does not fit goes to \`mail.dead\` as it came.`
