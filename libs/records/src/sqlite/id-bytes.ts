/** A UUID as its 16 bytes, whose order is that of the text. */

export const idBytes = (id: string): Uint8Array => Buffer.from(id.replaceAll('-', ''), 'hex')

export function idText(value: Uint8Array | string): string {
  const hex = typeof value === 'string' ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
