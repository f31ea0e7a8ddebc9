import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageWith } from '../../rule-cases.ts'
import { type LabelFault, labelFault } from './label-scripts.ts'
import { linksOf } from './links-of.ts'
import { namedHost } from './named-host.ts'
import { organizationalDomain } from './organizational-domain.ts'

test('the links of both bodies, each with where it stands and leads', () => {
  const input = messageWith({
    lines: 'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n',
    body:
      '--b\r\n\r\nhttps://shop.example.co.uk/a and http://plain.example\r\n--b\r\nContent-Type: text/html\r\n\r\n' +
      '<a href="https://shop.example.co.uk/a">Shop</a><form action="/send"></form><img src="https://img.example.com/x" alt="Logo">' +
      'http://written.example https://shop.example.co.uk/a\r\n--b--\r\n',
  })
  assert.deepEqual(
    linksOf(input).map(({ where, scheme, host, domain, text }) => [where, scheme, host, domain, text]),
    [
      ['html', 'https', 'shop.example.co.uk', 'example.co.uk', 'Shop'],
      ['form', '', '', '', ''],
      ['image', 'https', 'img.example.com', 'example.com', 'Logo'],
      ['text', 'http', 'plain.example', 'plain.example', ''],
      ['text', 'http', 'written.example', 'written.example', ''],
    ],
  )
  assert.equal(linksOf(input), linksOf(input))
})

test('organizational domains', () => {
  const rows = {
    'a.b.example.com': 'example.com',
    'x.example.co.uk': 'example.co.uk',
    'me.github.io': 'me.github.io',
    com: 'com',
    localhost: 'localhost',
  }
  for (const [host, domain] of Object.entries(rows)) assert.equal(organizationalDomain(host), domain)
})

test('the host that a text names', () => {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['example.com', 'example.com'],
    [' Example.COM/path… ', 'example.com'],
    ['https://www.example.com/a', 'www.example.com'],
    ['http://localhost/', undefined],
    ['www.example.com', 'www.example.com'],
    ['Visit example.com', undefined],
    ['ann@example.com', undefined],
    ['report.zip', undefined],
    ['files.report.zip', 'files.report.zip'],
    ['node.js', undefined],
    ['1.5', undefined],
    ['Mr.Smith', undefined],
    ['ASP.NET', undefined],
    ['Asp.Net,', undefined],
    ['vb.net', undefined],
    ['Paint.NET', undefined],
    ['Socket.IO', undefined],
    ['Node.js', undefined],
    // What phishing imitates is a host, however it is written.
    ['PayPal.COM', 'paypal.com'],
    ['COMCAST.NET', 'comcast.net'],
    ['Comcast.Net', 'comcast.net'],
    ['att.net', 'att.net'],
    ['www.asp.net', 'www.asp.net'],
    ['ASP.NET/login', 'asp.net'],
    ['mail.Paint.NET', 'mail.paint.net'],
  ]
  for (const [text, host] of rows) assert.equal(namedHost(text), host, text)
})

test('labels that are made to be taken for others', () => {
  const rows: readonly (readonly [string, LabelFault | undefined])[] = [
    ['example.com', undefined],
    ['xn--bcher-kva.example', undefined],
    ['xn--80ak6aa92e.com', 'look-alike'],
    ['xn--80ak6aa92e.xn--p1ai', undefined],
    ['xn--pypal-4ve.com', 'mixed'],
    ['xn--e1afmkfd.com', undefined],
  ]
  for (const [host, fault] of rows) assert.equal(labelFault(host), fault, host)
})
