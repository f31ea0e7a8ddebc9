/** One message through the cluster, and what was answered. */
import { type SmtpReply, smtpClient } from '@sallyport/testkit'

export interface OneMessage {
  readonly port: number
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Who it is from, as far as the gateway can tell. */
  readonly localAddress?: string
  readonly from?: string
  /** Default b@example.net. */
  readonly to?: string
  readonly token: string
  readonly bodyBytes?: number
}

export interface OneReply extends SmtpReply {
  /** Where it was accepted: the last word of the 250. */
  readonly id: string
  /** From the end of DATA. */
  readonly tookMs: number
}

export async function sendOne({
  port,
  host = '127.0.0.1',
  localAddress,
  from = 'app@example.com',
  to = 'b@example.net',
  token,
  bodyBytes = 200,
}: OneMessage): Promise<OneReply> {
  const client = await smtpClient({ host, port, timeoutMs: 60_000, ...(localAddress === undefined ? {} : { localAddress }) })
  try {
    await client.ehlo()
    const filling = 'All is well, and this line says so.\r\n'.repeat(Math.ceil(bodyBytes / 37))
    const content = `From: ${from}\r\nTo: ${to}\r\nSubject: x\r\nX-Token: ${token}\r\n\r\n${filling}`
    const beganMs = performance.now()
    const reply = await client.send({ from, to, content })
    return { ...reply, id: reply.text.split(' ').at(-1) ?? '', tookMs: performance.now() - beganMs }
  } finally {
    await client.quit().catch(() => {})
  }
}
