import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { maxInlineBytes, SallyportError } from '@sallyport/contracts'
import { eventually } from '@sallyport/testkit'
import { message, type Play, play, verdict } from '../ingress.cases.ts'

const line = `${'x'.repeat(76)}\r\n`
const large = (bytes: number): string => message + line.repeat(Math.ceil(bytes / line.length))
const send = async (p: Play, content: string | Buffer) =>
  await (await p.ready()).send({ from: 'a@example.com', to: 'b@example.org', content })

test('what is larger than travels inline is in the content store before any record names it', async () => {
  const p = await play()
  try {
    const content = large(1_000_000)
    assert.equal((await send(p, content)).code, 250)
    for (const { record, bytes } of [...p.received(), ...p.decided()]) {
      assert.ok(record.content.kind === 'stored')
      const stored = Buffer.from(p.content.stored.get(record.content.key) ?? [])
      assert.ok(stored.toString().endsWith(`X-Sallyport-Id: ${record.message.id}\r\n${content}`))
      assert.equal(record.content.contentBytes, stored.length)
      assert.equal(record.content.sha256, createHash('sha256').update(stored).digest('hex'))
      assert.deepEqual(Buffer.from(bytes), stored.subarray(0, record.content.headerBytes))
      assert.ok(Buffer.from(bytes).toString().endsWith('Message-ID: <1@example.com>\r\n\r\n'))
    }
    assert.equal(p.content.openWriters(), 0)
  } finally {
    await p.stop()
  }
})

test('around 64 KiB: inline or stored, never lost, never wrong', async () => {
  const p = await play()
  try {
    const client = await p.ready()
    for (let over = -600; over <= 200; over += 50) {
      const content = `${message}${'y'.repeat(maxInlineBytes + over - message.length - 2)}\r\n`
      assert.equal((await client.send({ from: 'a@example.com', to: 'b@example.org', content })).code, 250)
      const { record, bytes } = p.decided().at(-1) ?? assert.fail()
      const whole = record.content.kind === 'inline' ? bytes : p.content.stored.get(record.content.key)
      assert.equal(record.content.kind, (whole?.byteLength ?? 0) > maxInlineBytes ? 'stored' : 'inline')
      assert.ok(
        Buffer.from(whole ?? [])
          .toString()
          .endsWith(content),
      )
    }
  } finally {
    await p.stop()
  }
})

test('a refused message leaves nothing in the store', async () => {
  const p = await play({ verdict: () => verdict('reject') })
  try {
    assert.equal((await send(p, large(200_000))).code, 550)
    await eventually(() => p.content.stored.size === 0)
  } finally {
    await p.stop()
  }
})

test('a message that grows too large is refused at its end, and the session goes on', async () => {
  const p = await play({ settings: { maxMessageBytes: 100_000 } })
  try {
    const client = await p.ready()
    assert.match(
      (await client.send({ from: 'a@example.com', to: 'b@example.org', content: large(3_000_000) })).text,
      /^552 5\.3\.4 /,
    )
    assert.equal((await client.send({ from: 'a@example.com', to: 'b@example.org', content: message })).code, 250)
    await eventually(() => p.content.openWriters() === 0)
    assert.deepEqual(
      p.ports.events.of('settled').map(({ outcome, accepted }) => [outcome, accepted]),
      [
        ['reject', false],
        ['relay', true],
      ],
    )
  } finally {
    await p.stop()
  }
})

const received = 'Received: from a by b; Thu, 1 Jan 2026 00:00:00 +0000\r\n'
for (const [what, content, expected] of [
  ['50 Received fields', received.repeat(50) + message, /^250 /],
  ['51 Received fields', received.repeat(51) + message, /^554 5\.4\.6 /],
  ['a header of more than 64 KiB', `X-Long: ${'a'.repeat(70_000)}\r\n${message}`, /^554 5\.6\.0 /],
  ['2,000 header fields', `${'X: y\r\n'.repeat(1_996)}${message}`, /^250 /],
  [
    'a From behind 2,000 header fields',
    `${'X: y\r\n'.repeat(2_000)}${message}`,
    /^554 5\.6\.0 the header has more than 2000 fields$/,
  ],
  ['no end of a long header', 'X: y\r\n'.repeat(20_000), /^554 5\.6\.0 /],
  ['a header of 64 KiB without room for our fields', `X-Long: ${'a'.repeat(65_350)}\r\n${message}`, /^554 5\.6\.0 /],
  ['a first line that would continue our fields', ` x\r\n${message}`, /^554 5\.6\.0 /],
  ['no header', '\r\nbody\r\n', /^250 /],
  ['nothing at all', '', /^250 /],
  ['no empty line', 'Subject: x\r\n', /^250 /],
] as const) {
  test(`${what}: ${expected.source}`, async () => {
    const p = await play()
    try {
      assert.match((await send(p, content)).text, expected)
      assert.equal(p.content.openWriters(), 0)
      for (const { record, bytes } of p.decided()) assert.ok(record.content.headerBytes <= bytes.byteLength)
    } finally {
      await p.stop()
    }
  })
}

test('the store fails: 451, or 452 where it is full', async () => {
  for (const [code, expected] of [
    ['STORE_UNAVAILABLE', /^452 4\.3\.1 the store /],
    ['STORE_FULL', /^452 4\.3\.1 /],
  ] as const) {
    for (const fault of ['create', 'write', 'finish'] as const) {
      const p = await play()
      try {
        p.content.faults[fault] = () => new SallyportError(code, 'broken')
        assert.match((await send(p, large(200_000))).text, expected, `${code} ${fault}`)
        assert.equal(p.decided().length, 0)
        assert.equal(p.content.openWriters(), 0)
        assert.equal(p.ports.events.of('settled')[0]?.outcome, 'failed')
      } finally {
        await p.stop()
      }
    }
  }
})

test('a client that goes in the middle leaves nothing', async () => {
  const p = await play()
  try {
    const client = await p.ready()
    for (const said of ['MAIL FROM:<a@example.com>', 'RCPT TO:<b@example.org>', 'DATA']) await client.say(said)
    await client.write(large(300_000))
    await eventually(() => p.content.openWriters() === 1)
    client.destroy()
    await eventually(() => p.content.openWriters() === 0)
    await eventually(async () => /ingress_unsettled 0/.test(await p.ports.metrics.metrics()))
    assert.equal(p.received().length, 0)
  } finally {
    await p.stop()
  }
})

test('a slow store slows the client down, and memory stays bounded', async () => {
  const p = await play()
  try {
    let writing = 0
    let most = 0
    const create = p.content.create.bind(p.content)
    let open = (): void => {}
    const gate = new Promise<void>((resolve) => {
      open = resolve
    })
    Object.assign(p.content, {
      async create(id: string) {
        const writer = await create(id)
        return {
          ...writer,
          async write(chunk: Uint8Array) {
            most = Math.max(most, ++writing)
            await gate
            await writer.write(chunk)
            writing--
          },
        }
      },
    })
    const client = await p.ready()
    const reply = client.send({ from: 'a@example.com', to: 'b@example.org', content: large(5_000_000) })
    await eventually(() => writing === 1)
    open()
    assert.equal((await reply).code, 250)
    assert.equal(most, 1)
  } finally {
    await p.stop()
  }
})

test('the trace of the client goes on where its application is trusted', async () => {
  const { application } = await import('../ingress.cases.ts')
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  for (const trustTraceparent of [true, false]) {
    const p = await play({ applications: [application({ trustTraceparent })] })
    try {
      await send(p, `traceparent: ${traceparent}\r\n${message}`)
      const given = p.decided()[0]?.record.message.traceparent ?? ''
      assert.match(given, /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
      assert.equal(given.slice(3, 35) === traceparent.slice(3, 35), trustTraceparent)
      assert.notEqual(given, traceparent)
    } finally {
      await p.stop()
    }
  }
})
