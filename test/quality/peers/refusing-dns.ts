/** A name server on loopback that knows no name: answers NXDOMAIN at once, so that an offline filter does not wait. */
import { createSocket } from 'node:dgram'

export interface RefusingDns {
  readonly port: number
  stop(): Promise<void>
}

export function startRefusingDns(): Promise<RefusingDns> {
  const socket = createSocket('udp4')
  socket.on('message', (question, from) => {
    if (question.length < 12) return
    const answer = Buffer.from(question)
    // QR and RA set, RCODE 3 (RFC 1035 section 4.1.1); the question stays, no records follow
    answer.writeUInt16BE(0x8183, 2)
    socket.send(answer, from.port, from.address)
  })
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(0, '127.0.0.1', () => {
      resolve({ port: socket.address().port, stop: () => new Promise((closed) => socket.close(() => closed())) })
    })
  })
}
