/** Rules on what a message tells outsiders about the systems that made it. None counts against it. */
import { shown } from '../evidence.ts'
import { fieldsOf, firstValue } from '../header/field.ts'
import type { LintInput, LintRule } from '../port.ts'

const originFields = [
  'x-originating-ip',
  'x-originating-host',
  'x-sender-ip',
  'x-client-ip',
  'x-source-ip',
  'x-real-ip',
  'x-forwarded-for',
]
const scriptFields = ['x-php-originating-script', 'x-php-script', 'x-source', 'x-source-args', 'x-source-dir']
const mailerFields = ['x-mailer', 'user-agent', 'x-mailer-version', 'x-powered-by']
/** RFC 1918, RFC 3927, RFC 4193, RFC 4291 and loopback. */
const privateIp =
  /(?:^|[^0-9a-f.:]|IPv6:)((?:10\.[0-9]{1,3}|127\.[0-9]{1,3}|192\.168|169\.254|172\.(?:1[6-9]|2[0-9]|3[01]))\.[0-9]{1,3}\.[0-9]{1,3}|f[cd][0-9a-f]{2}:[0-9a-f:]{2,35}|fe80:[0-9a-f:]{2,35})/i

/** The first Received is the gateway's own, which stands above its id: the application has no part in it. */
const isOurs = ({ mime }: LintInput): boolean =>
  mime.root.header.fields[0]?.lowerName === 'received' && mime.root.header.fields[1]?.lowerName === 'x-sallyport-id'

export const disclosureRules: readonly LintRule[] = [
  {
    id: 'spam.internal-origin-shown',
    points: 0,
    text: 'A field tells the address of the computer that the message comes from, such as X-Originating-IP.',
    fix: 'Remove the field where it is of no use to the recipient.',
    reference: 'RFC 5321 §7.6',
    why: 'It tells outsiders who wrote where, and how your network is built.',
    find(input) {
      const name = originFields.find((field) => input.fields.has(field))
      return name === undefined ? undefined : { field: name, value: shown(firstValue(input, name) ?? '') }
    },
  },
  {
    id: 'spam.internal-address-in-received',
    points: 0,
    text: 'A Received field tells an address of your private network.',
    fix: 'Nothing, unless the address is a secret: Received fields are needed to find loops and faults.',
    reference: 'RFC 5321 §4.4, §7.6',
    why: 'It tells outsiders how your network is built.',
    find(input) {
      for (const { value } of fieldsOf(input, 'received').slice(isOurs(input) ? 1 : 0, 20)) {
        const address = privateIp.exec(value.slice(0, 1_000))?.[1]
        if (address !== undefined) return { address: shown(address) }
      }
      return undefined
    },
  },
  {
    id: 'spam.script-shown',
    points: 0,
    text: 'A field tells which script on the server sent the message, such as X-PHP-Originating-Script.',
    fix: 'Switch it off, in PHP by `mail.add_x_header = Off`.',
    reference: 'Manual of PHP, mail.add_x_header',
    why: 'It tells attackers what runs on the server, and some filters count it.',
    find(input) {
      const name = scriptFields.find((field) => input.fields.has(field))
      return name === undefined ? undefined : { field: name, value: shown(firstValue(input, name) ?? '') }
    },
  },
  {
    id: 'spam.software-shown',
    points: 0,
    text: 'A field tells which software and version made the message.',
    fix: 'Remove the version, or the field.',
    reference: 'RFC 5321 §7.6',
    why: 'It tells attackers which known weaknesses to try.',
    find(input) {
      for (const name of mailerFields) {
        const value = firstValue(input, name)
        if (value !== undefined && /[0-9]\.[0-9]/.test(value.slice(0, 500))) return { field: name, value: shown(value) }
      }
      return undefined
    },
  },
]
