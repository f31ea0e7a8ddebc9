/** Reads server-sent events (WHATWG HTML §9.2) of a stream that was asked for with a token, as EventSource cannot. */

export interface ServerEvent {
  readonly event: string
  readonly data: string
}

/** A reader of pieces as they come; each whole event once. Comments and ids mean nothing here. */
export function createEventReader(): (piece: string) => readonly ServerEvent[] {
  let rest = ''
  let event = 'message'
  let data: string[] = []
  return (piece) => {
    rest += piece
    const lines = rest.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    const found: ServerEvent[] = []
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) found.push({ event, data: data.join('\n') })
        event = 'message'
        data = []
        continue
      }
      const colon = line.indexOf(':')
      const field = colon < 0 ? line : line.slice(0, colon)
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
      if (field === 'event') event = value
      else if (field === 'data') data.push(value)
    }
    return found
  }
}

/** Hands out events until the stream or the signal ends. */
export async function readEvents(stream: ReadableStream<Uint8Array>, take: (event: ServerEvent) => void): Promise<void> {
  const decoder = new TextDecoder()
  const read = createEventReader()
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    for (const event of read(decoder.decode(value, { stream: true }))) take(event)
  }
}
