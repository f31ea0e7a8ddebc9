/** The six applications of the demo, five of which misbehave as programs do (design §1). */

export interface DemoMail {
  readonly from: string
  readonly to: string
  readonly content: string
}

export interface DemoApplication {
  readonly name: string
  readonly about: string
  /** The loopback address that it connects from, by which the policy knows it. */
  readonly address: string
  readonly senders: object
  readonly checks?: object
  /** Messages in the hour 0 … 23 of its day. */
  readonly perHour: (hour: number) => number
  readonly mail: (count: number) => DemoMail
}

const office = (many: number) => (hour: number) => (hour >= 7 && hour < 18 ? many : 0)

function text(from: string, to: string, subject: string, body: string): string {
  const date = new Date().toUTCString().replace('GMT', '+0000')
  const id = `<${Math.random().toString(36).slice(2)}.${Date.now()}@demo.example.com>`
  const head = [`From: ${from}`, `To: ${to}`, `Subject: ${subject}`, `Date: ${date}`, `Message-ID: ${id}`, 'MIME-Version: 1.0']
  return [...head, 'Content-Type: text/plain; charset=utf-8', '', body].join('\r\n')
}

export const demoApplications: readonly DemoApplication[] = [
  {
    name: 'demo-billing',
    about: 'sends invoices as it should',
    address: '127.1.0.1',
    senders: { addresses: ['invoices@example.com'] },
    perHour: office(4),
    mail(count) {
      const to = `customer${count}@example.net`
      const body = `Dear customer,\r\n\r\nyour invoice ${1000 + count} is ready.\r\n\r\nKind regards\r\nExample`
      return {
        from: 'invoices@example.com',
        to,
        content: text('Example Billing <invoices@example.com>', to, `Invoice ${1000 + count}`, body),
      }
    },
  },
  {
    name: 'demo-crm',
    about: 'sends with the addresses of its customers, whose domains are not ours',
    address: '127.1.0.2',
    senders: { addresses: ['crm@example.com'] },
    perHour: office(3),
    mail(count) {
      const from = `customer${count % 5}@customer.example.org`
      return {
        from,
        to: 'sales@example.net',
        content: text(from, 'sales@example.net', 'Question about an offer', 'Please call me back.'),
      }
    },
  },
  {
    name: 'demo-monitoring',
    about: 'sends as an address that does not exist',
    address: '127.1.0.3',
    senders: { addresses: ['monitoring@example.com'] },
    perHour: () => 2,
    mail(count) {
      const from = `root@host${count % 3}.example.com`
      const body = `The disk of host${count % 3} is ${80 + (count % 20)} % full.`
      return { from, to: 'oncall@example.net', content: text(from, 'oncall@example.net', 'Disk usage', body) }
    },
  },
  {
    name: 'demo-portal',
    about: 'sends as the address of somebody else',
    address: '127.1.0.4',
    senders: { addresses: ['portal@example.com'] },
    perHour: office(2),
    mail(count) {
      const to = `employee${count}@example.net`
      return {
        from: 'invoices@example.com',
        to,
        content: text('Personnel <invoices@example.com>', to, 'Your payslip', 'Your payslip is in the portal.'),
      }
    },
  },
  {
    name: 'demo-newsletter',
    about: 'sends its whole list at once, far beyond its limit',
    address: '127.1.0.5',
    senders: { addresses: ['news@example.com'] },
    checks: { throttle: { mode: 'monitor', limits: [{ per: 'application', count: 'messages', rate: '60/h', burst: 30 }] } },
    perHour: (hour) => (hour === 9 || hour === 15 ? 80 : 0),
    mail(count) {
      const to = `reader${count}@example.net`
      return {
        from: 'news@example.com',
        to,
        content: text('Example News <news@example.com>', to, 'News of the week', 'This week at Example: …'),
      }
    },
  },
  {
    name: 'demo-printer',
    about: 'builds its messages badly, and looks like spam',
    address: '127.1.0.6',
    senders: { addresses: ['printer@example.com'] },
    perHour: office(3),
    mail() {
      const body =
        '<html><body><a href="http://192.0.2.7/win">CLICK HERE NOW!!!</a> FREE OFFER 100% GUARANTEED, act now</body></html>'
      const content = ['From: printer@example.com', 'Subject: SCAN!!! URGENT $$$ FREE', 'Content-Type: text/html', '', body].join(
        '\r\n',
      )
      return { from: 'printer@example.com', to: 'clerk@example.net', content }
    },
  },
]

/** Everything is watched, nothing is refused, and mail goes into files instead of into the world. */
export const demoPolicy = (): object => ({
  organization: { name: 'Example', domains: ['example.com', '*.example.com'], networks: ['127.0.0.0/8'] },
  defaults: {
    checks: { domain: { mode: 'monitor' }, address: { mode: 'monitor' }, spam: { mode: 'monitor', holdAt: 8, rejectAt: 15 } },
  },
  applications: demoApplications.map(({ name, address, senders, checks }) => ({
    name,
    owner: `${name}@example.com`,
    from: { networks: [`${address}/32`] },
    senders,
    ...(checks ? { checks } : {}),
  })),
  routes: { default: { capture: true } },
})
