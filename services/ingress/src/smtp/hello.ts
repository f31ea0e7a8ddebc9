/** EHLO and HELO (RFC 5321 §4.1.1.1): what a client calls itself, and what it is offered. */
import type { IngressConnection } from './ingress-connection.ts'

/** The name, whatever it is: clients say what they like. Undefined where there is none, or one that no header field could hold. */
export function helloName(command: Buffer): string | undefined {
  const [, name, ...more] = command.toString('latin1').trim().split(/ +/)
  return !name || more.length > 0 || name.length > 255 || /[^!-~]/.test(name) ? undefined : name
}

/** The lines of the reply to EHLO. AUTH only under TLS. */
export function helloLines({ room, secure, user, server }: IngressConnection): string[] {
  const { hostname, maxMessageBytes } = room.settings
  const lines = [hostname, 'PIPELINING', `SIZE ${maxMessageBytes}`, '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', 'DSN']
  if (secure && !user) lines.push('AUTH PLAIN LOGIN')
  if (!secure && server.offersStartTls) lines.push('STARTTLS')
  return lines
}
