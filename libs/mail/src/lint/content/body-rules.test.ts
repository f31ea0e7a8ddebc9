import { type Difference, type RuleCase, testRules } from '../rule-cases.ts'
import { activeRules } from './active-rules.ts'
import { bodyRules } from './body-rules.ts'
import { imageRules } from './image-rules.ts'

const html = (body: string): Difference => ({ lines: 'MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n', body })
const alternative = (plain: string, rich: string): Difference => ({
  lines: 'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n',
  body: `--b\r\n\r\n${plain}\r\n--b\r\nContent-Type: text/html\r\n\r\n${rich}\r\n--b--\r\n`,
})
const related = (rich: string, contentId: string, bytes = 1): Difference => ({
  lines: 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n',
  body: `--b\r\nContent-Type: text/html\r\n\r\n${rich}\r\n--b\r\nContent-Type: image/png\r\nContent-ID: ${contentId}\r\n\r\n${'x'.repeat(bytes)}\r\n--b--\r\n`,
})
const photo = (bytes: number, text: string): Difference => ({
  lines: 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n',
  body: `--b\r\n\r\n${text}\r\n--b\r\nContent-Type: image/jpeg; name=a.jpg\r\n\r\n${'x'.repeat(bytes)}\r\n--b--\r\n`,
})
const order =
  'Thank you for your order of yesterday evening. The package leaves our warehouse tomorrow morning and arrives within three working days. ' +
  'Questions about delivery, payment or returns are answered by our customer service department every weekday between eight and eighteen.'
const story =
  'Once upon a time there lived a miller whose daughter could spin golden threads from common straw, so everybody claimed. The greedy king locked ' +
  'her inside another chamber filled with bundles, threatening terrible punishment unless sunrise found shining reels instead.'
const secret = 'seven words that nobody sees here at all, whatever they are'

const breakable = (word: string, count: number): string => `<p>${`${word.replaceAll('-', '&shy;')} `.repeat(count)}`

testRules(bodyRules, [
  ['spam.html-only', html('<p>Hello'), alternative('Hello', '<p>Hello')],
  ['spam.plain-part-empty', alternative(' \r\n', `<p>${order}`), alternative('Hello', `<p>${order}`)],
  ['spam.plain-part-empty', alternative('', `<p>${order}`), alternative('', '<p>Hello')],
  ['spam.alternatives-differ', alternative(order, `<p>${story}`), alternative(order, `<p>${order.replaceAll(' ', ' <b></b>')}`)],
  // A plain text that has only a part of the other, and one that says where to read on.
  ['spam.alternatives-differ', alternative(story, `<p>${order}`), alternative(order, `<p>${order} ${story}`)],
  ['spam.alternatives-differ', alternative(story, `<p>${order}`), alternative('Read it on our site.', `<p>${order}`)],
  [
    'spam.hidden-text',
    html(`<p>${order}<div style="display:none">${secret}</div>`),
    html(`<div style="display:none">${secret}</div><p>${order}`),
  ],
  [
    'spam.hidden-text',
    html(`<p>Hi<font color=white>${secret}</font>`),
    html(`<p>Hi<div bgcolor=black><font color=red>${secret}</font></div>`),
  ],
  ['spam.hidden-text', html(`<p hidden>${story.repeat(3)}</p>Hello`), html(`<p hidden>${story.slice(0, 400)}</p>Hello`)],
  ['spam.hidden-text', html(`Hello<p hidden>${secret}</p>`), html('Hello<p hidden>one two three</p>')],
  ['spam.zero-width-in-words', html('V&#8203;i&shy;a&#8203;g&zwnj;r&#8203;a'), html('V&#8203;i&shy;a&#8203;g&zwnj;ra')],
  // Places for a line to break in long words, and short ones that are cut up.
  ['spam.zero-width-in-words', html(breakable('pass-word', 5)), html(breakable('Kranken-ver-si-che-rungs-bei-trag', 1))],
  ['spam.html-clipped', html(`<p>${'Hello. '.repeat(15_000)}`), html(`<p>${'Hello. '.repeat(14_000)}`)],
  ['spam.html-unreadable', html(`${'<b>'.repeat(600)}x`), html(`${'<b>'.repeat(500)}x`)],
  ['spam.text-capitals', { body: `${order.toUpperCase()}\r\n` }, { body: `${order.toUpperCase()} ${story}\r\n` }],
  ['spam.text-capitals', html(`<p>${order.toUpperCase()}`), { body: 'SIEHE OBEN\r\n' }],
  // The capitals of a token are not written, and what stands beside them may be.
  [
    'spam.text-capitals',
    { body: `${order.toUpperCase()} https://example.com/?token=${'9FA08D'.repeat(12)}\r\n` },
    { body: `Please confirm: https://example.com/?token=${'9FA08D'.repeat(40)}\r\n` },
  ],
  ['spam.text-exclamations', { body: 'Win!!!!\r\n' }, { body: 'Win!!!\r\n' }],
] satisfies readonly RuleCase[])

testRules(activeRules, [
  ['spam.html-script', html('<script>x</script>'), html('<p>script')],
  ['spam.html-script', html('<script type="text/javascript">x</script>'), html('<script type="application/ld+json">{}</script>')],
  ['spam.html-event-handler', html('<p onclick="x">'), html('<p on="x" title="onclick">')],
  ['spam.html-event-handler', html('<a href="javascript:x">x</a>'), html('<a href="https://example.com/">x</a>')],
  ['spam.html-form', html('<form></form>'), html('<input>')],
  ['spam.html-frame', html('<iframe src=x></iframe>'), html('<!--<iframe src=x></iframe>-->')],
  ['spam.html-object', html('<embed src=x>'), html('<p>embed')],
  ['spam.html-refresh', html('<meta http-equiv="Refresh" content="0;url=x">'), html('<meta http-equiv=Content-Type content=x>')],
] satisfies readonly RuleCase[])

const pixel = '<img src="https://example.com/p.gif" width=1 height=1>'
const images = (count: number): Difference => html('<img src="https://example.com/a.png" width=20 height=20>'.repeat(count))

testRules(imageRules, [
  [
    'spam.image-only',
    html('<a href=x><img src="https://example.com/a.jpg"></a>Unsubscribe'),
    html(`<img src="https://example.com/a.jpg">${order}`),
  ],
  ['spam.image-only', html('<img src="cid:a" width=600 height=400>'), html('<img src="cid:a" width=200 height=40>Hello')],
  ['spam.image-only', html('<img src=a width=600>'), html(pixel)],
  // A logo without dimensions that the message brings along.
  ['spam.image-only', related('<img src="cid:a@x">', '<a@x>', 9_000), related('<img src="cid:a@x">Hello', '<a@x>', 900)],
  ['spam.image-only', related('<img src="cid:b@x">', '<a@x>', 900), related('<img src="cid:a%40x">', '<a@x>', 900)],
  ['spam.image-attached-only', photo(9_000, ''), photo(9_000, 'The photo of our office party.')],
  ['spam.image-attached-only', photo(9_000, ' \r\n'), photo(900, '')],
  ['spam.image-many-remote', images(41), images(40)],
  ['spam.image-tracking-pixel', html(pixel), html('<img src="cid:p" width=1 height=1>')],
  [
    'spam.image-tracking-pixel',
    html('<img src="//example.com/p" style="width:1px;height:1px">'),
    html('<img src="//example.com/p" width=1>'),
  ],
  ['spam.image-embedded-data', html('<img src="data:image/png;base64,AAAA">'), html('<img src="cid:data:">')],
  ['spam.image-part-missing', related('<img src="cid:a@x">', '<b@x>'), related('<img src="cid:a%40x">', '<a@x>')],
] satisfies readonly RuleCase[])
