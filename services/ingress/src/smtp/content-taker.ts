/** Content on its way from the socket to the message, while smtp-server knows whether the client waits for us or we for it. */
import type { SmtpReply } from '@sallyport/policy'
import type { ReceivedMessage } from '../settle/received-message.ts'
import type { ContentTaker } from './command-stream.ts'
import type { IngressConnection } from './ingress-connection.ts'

/** `onSettled` gets the reply and what goes on with the commands behind the content. */
export function contentTaker(
  connection: IngressConnection,
  message: ReceivedMessage,
  onSettled: (reply: SmtpReply, resume: () => void) => void,
): ContentTaker {
  return {
    take(content) {
      connection.turn.took(content.length)
      const wait = message.intake.take(content)
      if (wait === undefined) return undefined
      // A store that is slow is no idle client.
      const { clock } = connection.room.ports
      const began = clock.elapsed()
      connection._handlerPending = true
      return wait.then(() => {
        connection._handlerPending = false
        connection.turn.paused(clock.elapsed() - began)
      })
    },
    end(hasBareLineEnd, resume) {
      message.isWhole = true
      connection._handlerPending = true
      const settled = message.settle(hasBareLineEnd).then((reply) => onSettled(reply, resume))
      connection.room.background.run('settlement', settled)
    },
  }
}
