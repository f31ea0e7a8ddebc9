/** `sallyport token`: a new token for console.tokens, and the hash that its secret holds. */
import { createHash, randomBytes } from 'node:crypto'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit.ts'

export const token: Command = {
  usage: 'token [--json]',
  about: 'make a token for console.tokens, and the hash that goes into its secret; asks nobody',
  words: 0,
  flags: ['json'],
  async run({ print, flags }) {
    const made = randomBytes(32).toString('base64url')
    const hash = `sha256:${createHash('sha256').update(made).digest('hex')}`
    if (flags.json) print.raw(JSON.stringify({ token: made, hash }))
    else {
      print.line(`token  ${made}`)
      print.line(`hash   ${hash}`)
      print.line(
        'Write the hash into a file of the secrets folder, and name it in console.tokens. Keep the token: it is shown once.',
      )
    }
    return exitCodes.ok
  },
}
