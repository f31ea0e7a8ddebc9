/** SMTP smuggling: whatever other servers take for the end of a message, ours ends at CRLF . CRLF alone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { play } from '../ingress.cases.ts'

const ends = [
  '\n.\n',
  '\r.\r',
  '\n.\r\n',
  '\r\n.\n',
  '\r\n.\r',
  '\r.\r\n',
  '\n.\r',
  '\r\n\0.\r\n',
  '\r\n.\r\r\n',
  '\n\n.\n\n',
  '\r\n .\r\n',
]
const smuggled = 'MAIL FROM:<evil@example.com>\r\nRCPT TO:<victim@example.org>\r\nDATA\r\nFrom: evil@example.com\r\n\r\nevil\r\n'

for (const mode of ['normalize', 'reject'] as const) {
  for (const end of ends) {
    test(`${JSON.stringify(end)} ends no message (${mode})`, async () => {
      const p = await play({ settings: { bareLineEnds: mode } })
      try {
        const client = await p.ready()
        for (const line of ['MAIL FROM:<a@example.com>', 'RCPT TO:<b@example.org>', 'DATA']) await client.say(line)
        await client.write(`From: a@example.com\r\n\r\nbody${end}${smuggled}`)
        const [reply, noop] = await client.sayAll(['.', 'NOOP'])
        const isBare = /\r(?!\n)|(?<!\r)\n/.test(end)
        assert.match(reply?.text ?? '', isBare && mode === 'reject' ? /^550 5\.6\.11 / : /^250 2\.6\.0 /)
        assert.equal(noop?.code, 250)
        const decided = p.decided()
        assert.equal(decided.length, isBare && mode === 'reject' ? 0 : 1)
        for (const { bytes, record } of decided) {
          const text = Buffer.from(bytes).toString('latin1')
          assert.ok(text.includes('MAIL FROM:<evil@example.com>'))
          assert.doesNotMatch(text, /\r(?!\n)|(?<!\r)\n/)
          assert.equal(record.content.contentBytes, bytes.byteLength)
        }
      } finally {
        await p.stop()
      }
    })
  }
}

test('content passes byte for byte, dots and bytes beyond ASCII too', async () => {
  const p = await play()
  try {
    const client = await p.ready()
    const content = Buffer.concat([
      Buffer.from('From: a@example.com\r\nX-Odd:\t \r\n\r\n.\r\n..\r\n.a\r\n\r\n'),
      Buffer.from(Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => byte !== 10 && byte !== 13)),
      Buffer.from('\r\n'),
    ])
    assert.equal((await client.send({ from: 'a@example.com', to: 'b@example.org', content })).code, 250)
    const bytes = Buffer.from(p.decided()[0]?.bytes ?? [])
    assert.deepEqual(bytes.subarray(bytes.length - content.length), content)
  } finally {
    await p.stop()
  }
})

test('a command line may end in a bare LF, unless bare line ends are rejected', async () => {
  for (const [mode, expected] of [
    ['normalize', /^250 /],
    ['reject', /^550 5\.5\.2 /],
  ] as const) {
    const p = await play({ settings: { bareLineEnds: mode } })
    try {
      const client = await p.ready()
      await client.write('NOOP\n')
      assert.match((await client.read()).text, expected)
    } finally {
      await p.stop()
    }
  }
})
