import { type RuleCase, testRules } from '../rule-cases.ts'
import { disclosureRules } from './internals.ts'

const received = (address: string) => ({ lines: `Received: from a ([${address}]) by b; Tue, 25 Nov 2025 09:30:00 +0100\r\n` })

/** As the gateway hands it on: its own fields stand before those of the message. */
const ours = (address: string, lines: string) => ({
  content: `${received(address).lines}X-Sallyport-Id: 1\r\n${lines}\r\nHello.\r\n`,
})

const cases: readonly RuleCase[] = [
  ['spam.internal-origin-shown', { lines: 'X-Originating-IP: [192.0.2.1]\r\n' }, { lines: 'X-Original-To: a\r\n' }],
  ['spam.internal-address-in-received', received('10.1.2.3'), received('110.1.2.3')],
  ['spam.internal-address-in-received', received('172.31.2.3'), received('172.32.2.3')],
  ['spam.internal-address-in-received', received('IPv6:fd00::1'), received('IPv6:2001:db8::1')],
  ['spam.internal-address-in-received', ours('10.1.2.3', received('10.1.2.4').lines), ours('10.1.2.3', '')],
  ['spam.internal-address-in-received', { content: received('10.1.2.3').lines }, ours('10.1.2.3', received('192.0.2.1').lines)],
  ['spam.script-shown', { lines: 'X-PHP-Originating-Script: 33:mail.php\r\n' }, { lines: 'X-PHP: yes\r\n' }],
  ['spam.software-shown', { lines: 'X-Mailer: Program 6.1\r\n' }, { lines: 'X-Mailer: Program\r\n' }],
]

testRules(disclosureRules, cases)
