/** Only a registered application may send: whoever else comes in, and however, gets no transaction. */
import assert from 'node:assert/strict'
import { scryptSync } from 'node:crypto'
import { test } from 'node:test'
import { TLSSocket } from 'node:tls'
import { testCertificates } from '@sallyport/testkit'
import { application, message, type PlayOptions, play, policyDocument } from './ingress.cases.ts'

const elsewhere = { networks: ['192.0.2.0/24'] }
const tls = { rejectUnauthorized: false }
const salt = Buffer.alloc(16, 1)
const base64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')
const hash = `$scrypt$ln=4,r=8,p=1$${base64(salt)}$${base64(scryptSync('secret', salt, 32, { N: 16, r: 8, p: 1 }))}`

const withUser: PlayOptions = {
  applications: [application({ from: { auth: [{ user: 'billing', secret: 'billing' }] } })],
  listener: { tls: 'starttls' },
  ports: { secretValues: { billing: hash } },
}

test('no application: 550 5.7.1 at MAIL, and no RCPT or DATA after it', async () => {
  const p = await play({ applications: [application({ from: elsewhere })] })
  try {
    const client = await p.ready()
    assert.match((await client.say('MAIL FROM:<a@example.com>')).text, /^550 5\.7\.1 127\.0\.0\.1 is not a registered application/)
    assert.match((await client.say('RCPT TO:<b@example.org>')).text, /^503 5\.5\.1 /)
    assert.match((await client.say('DATA')).text, /^503 5\.5\.1 /)
    assert.match((await client.say('MAIL FROM:<>')).text, /^550 5\.7\.1 /)
    const pipelined = await client.sayAll(['MAIL FROM:<a@example.com>', 'RCPT TO:<b@example.org>', 'DATA'])
    assert.deepEqual(
      pipelined.map(({ code }) => code),
      [550, 503, 503],
    )
  } finally {
    await p.stop()
  }
})

test('`unregistered` takes sender domains of the organization only, and no null sender', async () => {
  const document = policyDocument([application({ from: elsewhere })], { unregistered: { mode: 'monitor' } })
  const p = await play({ document })
  try {
    const client = await p.ready()
    for (const sender of [
      'a@example.org',
      'a@sub.example.com',
      'a@example.com.example.org',
      '"a@example.com"@example.org',
      'a@[127.0.0.1]',
      '',
    ]) {
      assert.match((await client.say(`MAIL FROM:<${sender}>`)).text, /^550 5\.7\.1 an unregistered system/, sender)
    }
    for (const sender of ['a@example.com', 'a@EXAMPLE.com']) {
      assert.equal((await client.say(`MAIL FROM:<${sender}>`)).code, 250, sender)
      assert.equal((await client.say('RSET')).code, 250)
    }
    assert.equal((await client.send({ from: 'a@example.com', to: 'b@example.org', content: message })).code, 250)
    assert.equal(p.decided()[0]?.record.message.application, 'unregistered')
  } finally {
    await p.stop()
  }
})

test('`unregistered` is nobody from outside the networks of the organization', async () => {
  const document = policyDocument([application({ from: elsewhere })], {
    unregistered: { mode: 'monitor' },
    organization: { name: 'Example', domains: ['example.com'], networks: ['10.0.0.0/8'] },
  })
  const p = await play({ document })
  try {
    const client = await p.ready()
    assert.match((await client.say('MAIL FROM:<a@example.com>')).text, /^550 5\.7\.1 127/)
  } finally {
    await p.stop()
  }
})

test('AUTH: only over TLS, only with the password; a failed one leaves no application', async () => {
  const p = await play(withUser)
  try {
    const client = await p.client()
    assert.equal(
      (await client.ehlo()).some((line) => line.startsWith('AUTH')),
      false,
    )
    assert.match((await client.authPlain('billing', 'secret')).text, /^538 5\.7\.11 /)
    await client.startTls(tls)
    assert.ok((await client.ehlo()).includes('AUTH PLAIN LOGIN'))
    assert.match((await client.authPlain('billing', 'wrong')).text, /^535 5\.7\.8 /)
    assert.match((await client.authLogin('nobody', 'secret')).text, /^535 5\.7\.8 /)
    assert.match((await client.authPlain('billing', '')).text, /^535 5\.7\.8 /)
    assert.match((await client.say('AUTH CRAM-MD5')).text, /^504 5\.5\.4 /)
    assert.match((await client.say('AUTH PLAIN !!!')).text, /^501 5\.5\.4 /)
    assert.match((await client.say('AUTH')).text, /^50[14] 5\.5\.4 /)
    assert.equal((await client.say('AUTH PLAIN')).code, 334)
    assert.match((await client.say('*')).text, /^501 /)
    assert.equal((await client.say('AUTH LOGIN')).code, 334)
    assert.match((await client.say('x'.repeat(20_000))).text, /^500 5\.5\.6 /)
    assert.equal((await client.say('NOOP')).code, 250)
    assert.match((await client.say(`AUTH PLAIN ${Buffer.from('admin\0billing\0secret').toString('base64')}`)).text, /^535 5\.7\.8 /)
    assert.match((await client.say('MAIL FROM:<a@example.com>')).text, /^550 5\.7\.1 /)
    assert.match((await client.authLogin('billing', 'secret')).text, /^235 2\.7\.0 /)
    assert.match((await client.authPlain('billing', 'secret')).text, /^503 /)
    assert.equal((await client.say('MAIL FROM:<a@example.com>')).code, 250)
    assert.match((await client.authPlain('billing', 'secret')).text, /^503 5\.5\.1 /)
    assert.equal((await client.say('RSET')).code, 250)
    assert.equal((await client.send({ from: 'a@example.com', to: 'b@example.org', content: message })).code, 250)
    const [decided] = p.decided()
    assert.equal(decided?.record.message.client.authIdentity, 'billing')
    assert.match(decided?.record.message.client.tls ?? '', /^TLSv1\.[23] /)
    assert.match(Buffer.from(decided?.bytes ?? []).toString(), /with ESMTPSA\s+id/)
  } finally {
    await p.stop()
  }
})

test('a user who is no longer in the policy is refused at the next MAIL, whatever network it is in', async () => {
  const { compilePolicy } = await import('@sallyport/policy')
  const p = await play(withUser)
  try {
    const client = await p.ready()
    await client.startTls(tls)
    await client.ehlo()
    assert.equal((await client.authPlain('billing', 'secret')).code, 235)
    p.ports.policy.replace(compilePolicy(policyDocument([application()]), 2))
    assert.match((await client.say('MAIL FROM:<a@example.com>')).text, /^550 5\.7\.1 the user/)
  } finally {
    await p.stop()
  }
})

test('failed logins of one client are limited over its connections', async () => {
  const p = await play({ ...withUser, settings: { maxFailedLogins: 3 } })
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      const client = await p.client()
      await client.startTls(tls)
      await client.ehlo()
      const reply = await client.authPlain('billing', attempt === 4 ? 'secret' : 'wrong')
      assert.match(reply.text, attempt < 3 ? /^535 5\.7\.8 / : /^454 4\.7\.0 too many failed logins/)
    }
  } finally {
    await p.stop()
  }
})

test('a secret that is missing is no way in', async () => {
  const p = await play({ ...withUser, ports: {} })
  try {
    const client = await p.client()
    await client.startTls(tls)
    await client.ehlo()
    assert.match((await client.authPlain('billing', 'secret')).text, /^454 4\.7\.0 /)
    assert.match((await client.say('MAIL FROM:<a@example.com>')).text, /^550 5\.7\.1 /)
  } finally {
    await p.stop()
  }
})

const { client: ours, stranger } = testCertificates()
for (const mode of ['starttls', 'implicit'] as const) {
  test(`a client certificate is an application when our CA signed it (${mode})`, async () => {
    for (const [certificates, certificate, expected] of [
      [[ours.fingerprint], ours, 250],
      [['billing.example.com'], ours, 250],
      [['other.example.com'], ours, 550],
      [[stranger.fingerprint], stranger, 550],
      [['stranger.example.net'], stranger, 550],
      [[ours.fingerprint], undefined, 550],
    ] as const) {
      const p = await play({ applications: [application({ from: { certificates: [...certificates] } })], listener: { tls: mode } })
      try {
        const options = { ...tls, ...(certificate && { cert: certificate.cert, key: certificate.key }) }
        const client = await p.client(mode === 'implicit' ? { implicitTls: options } : {})
        if (mode === 'starttls') await client.startTls(options)
        await client.ehlo()
        assert.equal((await client.say('MAIL FROM:<a@example.com>')).code, expected, certificates[0])
      } finally {
        await p.stop()
      }
    }
  })
}

test('a client certificate is read once, however many messages the connection brings', async (t) => {
  const p = await play({
    applications: [application({ from: { certificates: [ours.fingerprint] } })],
    listener: { tls: 'implicit' },
  })
  try {
    const read = t.mock.method(TLSSocket.prototype, 'getPeerX509Certificate')
    const client = await p.ready({ implicitTls: { ...tls, cert: ours.cert, key: ours.key } })
    for (let sent = 0; sent < 3; sent++) {
      assert.equal((await client.send({ from: 'a@example.com', to: 'b@example.org', content: message })).code, 250)
    }
    assert.equal(read.mock.callCount(), 1)
    assert.equal(p.decided()[2]?.record.message.client.certificate, ours.fingerprint)
  } finally {
    await p.stop()
  }
})
