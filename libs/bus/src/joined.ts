/** A record's value and the content behind it as the one run of bytes that other processes and threads see. */
export function joined({ value, content }: { readonly value: Uint8Array | null; readonly content?: Uint8Array }): Uint8Array {
  if (!content) return value ?? new Uint8Array()
  return Buffer.concat(value ? [value, content] : [content])
}
