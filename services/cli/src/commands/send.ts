/** `sallyport send`: one message for a first try, where no mail program is at hand. */
import type { Command } from '../command.ts'
import { exitCodes, Stop } from '../exit.ts'
import { sendTry } from '../smtp-dialogue.ts'

export const send: Command = {
  usage: 'send --from ADDRESS --to ADDRESS [--subject TEXT] [--server HOST:PORT]',
  about: "hand a short message to the gateway's SMTP, and show what it replies",
  words: 0,
  flags: ['from', 'to', 'subject', 'server'],
  async run({ print, server: usual, flags: { from, to, subject = 'a try', server = usual } }) {
    if (from === undefined || to === undefined) throw new Stop(exitCodes.usage, `write: sallyport ${send.usage}`)
    for (const text of [from, to, subject]) {
      if (/\p{Cc}/u.test(text)) throw new Stop(exitCodes.usage, 'an address or a subject has no line ends or control characters')
    }
    const last = await sendTry(server, { from, to, subject }, (line) => print.line(line))
    return last.startsWith('2') ? exitCodes.ok : exitCodes.refused
  },
}
