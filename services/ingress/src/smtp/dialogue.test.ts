/** What a mail engineer tries by hand (RFC 5321, RFC 2920, RFC 4954). */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { eventually } from '@sallyport/testkit'
import { message, play } from '../ingress.cases.ts'

type Dialogue = readonly (readonly [line: string, reply: RegExp])[]

const mail = ['MAIL FROM:<a@example.com>', /^250 2\.1\.0 /] as const
const rcpt = ['RCPT TO:<b@example.org>', /^250 2\.1\.5 /] as const
const data = ['DATA', /^354 /] as const
const end = [`${message}.`, /^250 2\.6\.0 /] as const
const quit = ['QUIT', /^221 2\.0\.0 /] as const
const ehlo = ['EHLO x', /^250[- ]gateway\.example\.com/] as const

const dialogues: Readonly<Record<string, Dialogue>> = {
  'HELO is enough': [['HELO x', /^250 gateway\.example\.com$/], mail, rcpt, data, end, quit],
  'commands in any case': [
    ['helo x', /^250 /],
    ['mail from:<a@example.com>', /^250 /],
    ['Rcpt To:<b@example.org>', /^250 /],
    ['data', /^354 /],
    end,
    ['quit', /^221 /],
  ],
  'white space after the colon, and at the end': [
    ehlo,
    ['MAIL FROM: <a@example.com>', /^250 /],
    ['RCPT TO: <b@example.org> ', /^250 /],
    ['DATA ', /^354 /],
    end,
  ],
  'no hello, no mail': [
    ['MAIL FROM:<a@example.com>', /^503 5\.5\.1 /],
    ['RCPT TO:<b@example.org>', /^503 5\.5\.1 /],
    ['DATA', /^503 5\.5\.1 /],
    ['AUTH PLAIN AAAA', /^503 5\.5\.1 /],
    ['NOOP', /^250 /],
    ['RSET', /^250 /],
    ['HELP', /^214 /],
    ['VRFY x', /^252 /],
    quit,
  ],
  'hello needs one name': [
    ['EHLO', /^501 5\.5\.4 syntax: EHLO/],
    ['HELO', /^501 5\.5\.4 syntax: HELO/],
    ['HELO a b', /^501 /],
    ['EHLO [127.0.0.1]', /^250/],
    ['HELO my_pc', /^250 /],
  ],
  'commands out of order': [
    ehlo,
    ['RCPT TO:<b@example.org>', /^503 5\.5\.1 MAIL first/],
    ['DATA', /^503 5\.5\.1 MAIL first/],
    mail,
    ['MAIL FROM:<c@example.com>', /^503 5\.5\.1 /],
    ['DATA', /^503 5\.5\.1 RCPT first/],
    rcpt,
    data,
    end,
    ['RCPT TO:<b@example.org>', /^503 5\.5\.1 /],
    ['DATA', /^503 5\.5\.1 /],
  ],
  'RSET and EHLO end a transaction, NOOP, HELP and VRFY do not': [
    ehlo,
    mail,
    rcpt,
    ['RSET', /^250 2\.0\.0 /],
    ['RCPT TO:<b@example.org>', /^503 /],
    mail,
    ehlo,
    ['RCPT TO:<b@example.org>', /^503 /],
    mail,
    ['HELO x', /^250 /],
    ['RCPT TO:<b@example.org>', /^503 /],
    mail,
    ['NOOP with arguments', /^250 2\.0\.0 /],
    ['HELP MAIL', /^214 /],
    ['VRFY b', /^252 /],
    ['EXPN staff', /^502 /],
    rcpt,
    ['NOOP', /^250 /],
    data,
    end,
  ],
  'no recipient was good': [
    ehlo,
    mail,
    ['RCPT TO:<>', /^501 5\.1\.3 /],
    ['RCPT TO:', /^501 5\.5\.4 /],
    ['RCPT TO:<b@exa mple.org>', /^501 /],
    ['DATA', /^503 5\.5\.1 /],
    rcpt,
    data,
    end,
  ],
  'parameters that are none': [
    ehlo,
    ['MAIL FROM:<a@example.com> BODY=16BIT', /^501 5\.5\.4 /],
    ['MAIL FROM:<a@example.com> BODY', /^501 5\.5\.4 /],
    ['MAIL FROM:<a@example.com> SIZE=ten', /^501 5\.5\.4 /],
    ['MAIL FROM:<a@example.com> SIZE=-1', /^501 5\.5\.4 /],
    ['MAIL FROM:<a@example.com> SIZE', /^501 5\.5\.4 /],
    ['MAIL FROM:<a@example.com> HOLDFOR=10', /^555 5\.5\.4 /],
    ['MAIL FROM:<a@example.com>BODY=8BITMIME', /^501 /],
    ['MAIL FROM:<a@example.com>  BODY=8bitmime', /^250 /],
    ['DATA now', /^501 5\.5\.4 /],
  ],
  'what is not spoken here': [
    ehlo,
    ['TURN', /^500 5\.5\.2 /],
    ['ETRN example.com', /^500 5\.5\.2 /],
    ['SEND FROM:<a@example.com>', /^500 5\.5\.2 /],
    ['', /^500 5\.5\.2 /],
    [' NOOP', /^500 5\.5\.2 /],
    ['AUTH PLAIN AAAA', /^502 5\.5\.1 /],
    ['GET / HTTP/1.1', /^421 4\.7\.0 /],
  ],
}

for (const [what, dialogue] of Object.entries(dialogues)) {
  test(what, async () => {
    const p = await play()
    try {
      const client = await p.client()
      for (const [line, reply] of dialogue) assert.match((await client.say(line)).text, reply, line)
      const ends = dialogue.filter(([line]) => line === end[0]).length
      assert.equal(p.decided().length, ends)
    } finally {
      await p.stop()
    }
  })
}

test('QUIT is answered 221 and the end, in every state', async () => {
  for (const before of [[], [ehlo], [ehlo, mail], [ehlo, mail, rcpt], [ehlo, mail, rcpt, data, end]]) {
    const p = await play()
    try {
      const client = await p.client()
      for (const [line, reply] of before) assert.match((await client.say(line)).text, reply)
      assert.match((await client.say('QUIT')).text, /^221 2\.0\.0 /)
      await client.closed
      await eventually(async () => /ingress_unsettled 0/.test(await p.ports.metrics.metrics()))
    } finally {
      await p.stop()
    }
  }
})

test('a group with an error early on: every command has its reply, and nothing is taken', async () => {
  const p = await play()
  try {
    const client = await p.ready()
    for (const [lines, expected] of [
      [
        ['MAIL FROM:<bad', 'RCPT TO:<b@example.org>', 'DATA', 'RSET'],
        [501, 503, 503, 250],
      ],
      [
        ['MAIL FROM:<a@example.com>', 'RCPT TO:<>', 'DATA', 'RSET'],
        [250, 501, 503, 250],
      ],
      [
        ['MAIL FROM:<a@example.com>', 'RCPT TO:<bad', 'RCPT TO:<b@example.org>', 'DATA'],
        [250, 501, 250, 354],
      ],
    ] as const) {
      assert.deepEqual(
        (await client.sayAll(lines)).map(({ code }) => code),
        expected,
      )
    }
    assert.equal((await client.say(`${message}.`)).code, 250)
    assert.deepEqual(
      p.decided().map(({ record }) => record.message.recipients.map(({ address }) => address)),
      [['b@example.org']],
    )
  } finally {
    await p.stop()
  }
})

test('the reply to a message and to a QUIT in the same write are both heard', async () => {
  const p = await play()
  try {
    const client = await p.ready()
    await client.sayAll(['MAIL FROM:<a@example.com>', 'RCPT TO:<b@example.org>', 'DATA'])
    const replies = await client.sayAll([`${message}.`, 'QUIT'])
    assert.deepEqual(
      replies.map(({ text }) => text.slice(0, 9)),
      ['250 2.6.0', '221 2.0.0'],
    )
    await client.closed
  } finally {
    await p.stop()
  }
})

test('commands behind QUIT are not run', async () => {
  const p = await play()
  try {
    const socket = connect(p.port, '127.0.0.1')
    await once(socket, 'data')
    let said = ''
    socket.on('data', (chunk) => {
      said += chunk
    })
    socket.write('EHLO x\r\nQUIT\r\nMAIL FROM:<a@example.com>\r\n')
    await once(socket, 'close')
    assert.match(said, /\r\n221 2\.0\.0 Bye\r\n$/)
  } finally {
    await p.stop()
  }
})

test('who quits in a transaction and keeps its end open holds no place and no connection', async () => {
  const p = await play()
  try {
    const socket = connect({ port: p.port, host: '127.0.0.1', allowHalfOpen: true })
    await once(socket, 'data')
    socket.write('EHLO x\r\nMAIL FROM:<a@example.com>\r\nQUIT\r\n')
    socket.resume()
    await once(socket, 'end')
    assert.match(await p.ports.metrics.metrics(), /ingress_unsettled 0/)
    assert.match(await p.ports.metrics.metrics(), /ingress_connections 0/)
    socket.destroy()
  } finally {
    await p.stop()
  }
})
