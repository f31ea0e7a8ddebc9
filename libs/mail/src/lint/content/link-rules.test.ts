import { type Difference, type RuleCase, testRules } from '../rule-cases.ts'
import { linkFormRules } from './link-form-rules.ts'
import { linkHostRules } from './link-host-rules.ts'

const html = (body: string): Difference => ({ lines: 'MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n', body })
const link = (target: string, text = 'Go'): Difference => html(`<p>Hello <a href="${target}">${text}</a>`)
const plain = (body: string): Difference => ({ body })

const formCases: readonly RuleCase[] = [
  ['spam.link-text-mismatch', link('https://evil.example/', 'www.bank.com'), link('https://bank.com/', 'www.bank.com')],
  [
    'spam.link-text-mismatch',
    link('https://evil.example/', 'https://bank.com/login'),
    link('https://login.bank.com/', 'https://bank.com/login'),
  ],
  ['spam.link-text-mismatch', link('http://evil.org', '<b>bank</b>.com'), link('http://evil.org', 'the bank')],
  ['spam.link-text-mismatch', link('http://evil.co.uk/', 'bank.co.uk'), link('http://a.bank.co.uk/', 'bank.co.uk')],
  ['spam.link-text-mismatch', link('http://evil.github.io/', 'mine.github.io'), link('http://mine.github.io/', 'mine.github.io')],
  // Names of files and addresses of mail are no addresses of the web.
  ['spam.link-text-mismatch', link('http://192.0.2.1/', 'bank.com'), link('https://code.org/', 'README.md')],
  ['spam.link-text-mismatch', link('https://evil.org/?from=bank.com', 'bank.com'), link('https://evil.org/', 'help@bank.com')],
  // Nor are those of products.
  ['spam.link-text-mismatch', link('https://evil.org/', 'PAYPAL.COM'), link('https://learn.microsoft.com/', 'ASP.NET')],
  // By way of a counter of clicks.
  ['spam.link-text-mismatch', link('https://evil.org/bank.com', 'bank.com'), link('https://click.example.com/x', 'bank.com')],
  ['spam.link-text-mismatch', link('https://sendgrid.org/', 'bank.com'), link('https://u1.ct.sendgrid.net/x', 'bank.com')],
  [
    'spam.link-text-mismatch',
    link('https://evil.org/http', 'bank.com'),
    link('https://r.org/?u=https%3A%2F%2Fwww.bank.com%2F', 'bank.com'),
  ],
  ['spam.link-text-tracked', link('https://click.example.com/x', 'bank.com'), link('https://bank.com/x', 'bank.com')],
  ['spam.link-user-info', link('https://bank.example@evil.example/'), link('https://evil.example/@bank.example')],
  ['spam.link-user-info', plain('See http://bank.example:x@evil.example/\r\n'), plain('See http://evil.example/?q=a@b\r\n')],
  ['spam.link-user-info', link('https:\\\\bank.example\\@evil.example'.replace('\\@', '@')), link('mailto:ann@example.com')],
  ['spam.link-runs-script', link('java\tscript:alert(1)'), link('https://example.com/javascript:')],
  ['spam.link-runs-script', link('data:text/html;base64,PGI+'), html('<img src="data:image/png;base64,AAAA">')],
  ['spam.link-runs-script', html('<form action="vbscript:x"></form>'), html('<form action="https://example.com/x"></form>')],
  ['spam.link-to-file', link('file:///c:/x.doc'), link('https://example.com/file:x')],
  ['spam.link-to-file', link('\\\\server\\share\\x.doc'), link('https://server.example.com/share')],
  ['spam.link-to-file', link('C:\\x.doc'), link('https://example.com/c:/x.doc')],
  ['spam.link-port', link('http://example.com:81/'), link('http://example.com:80/')],
  ['spam.link-port', plain('http://example.com:4444/x'), plain('http://example.com:8443/x')],
  ['spam.link-without-tls', link('http://example.com/'), link('https://example.com/')],
  ['spam.link-without-tls', html('<img src="http://example.com/a.png">'), html('<img src="https://example.com/a.png">')],
  ['spam.link-long', link(`https://example.com/${'x'.repeat(1_500)}`), link(`https://example.com/${'x'.repeat(1_400)}`)],
  ['spam.link-placeholder', link('https://example.com/{{token}}'), link('https://example.com/{token}')],
  ['spam.link-placeholder', link('https://example.com/undefined/reset'), link('https://example.com/undefined-terms')],
  ['spam.link-placeholder', link('{{ url }}'), link('https://example.com/?a=100%25')],
  ['spam.link-relative', link('/account/orders'), link('#orders')],
  ['spam.link-relative', html('<img src="images/logo.png">'), html('<img src="cid:logo@example.com">')],
  ['spam.link-relative', link('reset.php?x=1'), html('<base href="https://example.com/"><a href="reset.php">x</a>')],
  ['spam.link-relative', link('orders'), link('www.example.com/orders')],
]

const hostCases: readonly RuleCase[] = [
  ['spam.link-to-address', link('http://203.0.113.9/x'), link('http://203.0.113.9.example.com/x')],
  ['spam.link-to-address', plain('Look: http://203.0.113.9/x.\r\n'), plain('Version 203.0.113.9 is out.\r\n')],
  ['spam.link-to-address', link('http://[2001:db8::1]:8080/'), link('http://10.1.2.3/')],
  ['spam.link-disguised-address', link('http://3405803785/'), link('http://3405803785.example.com/')],
  ['spam.link-disguised-address', link('http://0xcb007109/'), link('http://203.0.113.9/')],
  ['spam.link-disguised-address', link('http://0313.0.0161.011/'), link('http://www.0313.example/')],
  ['spam.link-disguised-address', link('http://0xcb.0.113.9/'), link('http://0xcb.example/')],
  ['spam.link-disguised-address', link('http://203.28937/'), link('http://203.999999999/')],
  ['spam.link-disguised-address', link('http://%32%30%33.0.113.011/'), link('http://203.0.113.9/%32')],
  ['spam.link-internal', link('http://localhost:3000/reset'), link('http://localhost.example.com/')],
  ['spam.link-internal', link('https://192.168.1.20/x'), link('https://203.0.113.20/x')],
  ['spam.link-internal', link('http://crm/x'), link('http://crm.example.com/x')],
  ['spam.link-internal', link('http://crm.corp/x'), link('http://corp.example.com/x')],
  ['spam.link-internal', link('http://[::1]/x'), link('http://[2001:db8::1]/x')],
  ['spam.link-shortener', link('https://bit.ly/3abc'), link('https://habit.ly/3abc')],
  ['spam.link-shortener', plain('www.tinyurl.com/x'), plain('tinyurl.com is a shortener\r\n')],
  ['spam.link-shortener', link('https://goo.gl/x'), link('https://maps.app.goo.gl/x')],
  ['spam.link-international', link('https://b\xc3\xbccher.example/'), link('https://buecher.example/')],
  ['spam.link-international', link('https://xn--bcher-kva.example/'), link('https://example.com/xn--')],
  // Cyrillic а in a Latin word; аррӏе; against Russian, Japanese, and a Russian name in Russia.
  [
    'spam.link-look-alike',
    link('https://p\xd0\xb0ypal.com/'),
    link('https://\xd0\xbf\xd0\xbe\xd1\x87\xd1\x82\xd0\xb0\xd0\xb4\xd0\xb6.com/'),
  ],
  ['spam.link-look-alike', link('https://xn--80ak6aa92e.com/'), link('https://\xe6\x97\xa5\xe6\x9c\xactest.jp/')],
  ['spam.link-look-alike', link('https://xn--80ak6aa92e.com/'), link('https://xn--80ak6aa92e.xn--p1ai/')],
  ['spam.link-encoded-host', link('http://%65vil.example/'), link('http://evil.example/%65')],
  [
    'spam.link-many-domains',
    html(Array.from({ length: 13 }, (_, at) => `<a href="https://site${at}.com/">x</a>`).join('')),
    html(Array.from({ length: 13 }, (_, at) => `<a href="https://www${at}.example.com/">x</a>`).join('')),
  ],
]

testRules(linkFormRules, formCases)
testRules(linkHostRules, hostCases)
