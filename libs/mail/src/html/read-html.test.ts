import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anyText } from '@sallyport/testkit/any-text'
import fc from 'fast-check'
import { readHtml } from './read-html.ts'

/** HTML, what is seen, what is hidden. */
const texts: readonly (readonly [string, string, string])[] = [
  ['Hello  <b>wor</b>ld\r\n again', 'Hello world again', ''],
  ['<p>one</p><p>two<br>three</p>four', 'one\ntwo\nthree\nfour', ''],
  ['<table><tr><td>a</td><td>b</td></tr><tr><td>c</table>', 'a b\nc', ''],
  ['<ul><li>a<li>b</ul>', 'a\nb', ''],
  ['f&uuml;r&nbsp;5&euro; &lt;b&gt; &#x41;&#66; &bogus; AT&T', 'für 5€ <b> AB &bogus; AT&T', ''],
  ['<head><title>T</title><style>p{color:red}</style><script>x<y</script></head>a<!-- b -->c', 'ac', ''],
  ['<!--[if mso]>for Outlook<![endif]--><![if !mso]>for the rest<![endif]>', 'for the rest', ''],
  ['a<template>b</template>c<noframes>d</noframes>e', 'ace', ''],
  ['a\0b &zwnj;&#8203;c\u00add', 'ab cd', ''],
  // Elements that take their content away, whatever is said within.
  ['<div style="display:none">x<b style="display:inline">y</b></div>z', 'z', 'xy'],
  ["<DIV STYLE='DISPLAY : NONE !important'>x</DIV>z", 'z', 'x'],
  ['<div style="dis/**/play:n\\6fne">x</div>z', 'z', 'x'],
  ['<div style="background:url(data:a;b;display:none)">x</div>', 'x', ''],
  ['<div hidden>x</div>z', 'z', 'x'],
  ['<div style="opacity:0">x</div><div style="opacity:.5">y</div>', 'y', 'x'],
  ['<div style="max-height:0">x</div><div style="max-height:20px">y</div>', 'y', 'x'],
  ['<div style="height:0;overflow:hidden">x</div><div style="height:0">y</div>', 'y', 'x'],
  ['<div style="text-indent:-9999px">x</div><div style="text-indent:-20px">y</div>', 'y', 'x'],
  ['<div style="position:absolute;left:-5000px">x</div><div style="left:-5000px">y</div>', 'y', 'x'],
  ['<div style="mso-hide:all">button</div>', 'button', ''],
  // What an element within can undo.
  ['<div style="visibility:hidden">x<b style="visibility:visible">y</b></div>', 'y', 'x'],
  ['<div style="font-size:0">x<b style="font-size:14px">y</b><i style="font-size:2em">z</i></div>', 'y', 'xz'],
  ['<p style="font-size:1px">x<p style="font-size:1pt">y<p style="font-size:2px">z<p style="font-size:small">t', 'z\nt', 'x\ny'],
  ['<p style="font:0/0 a">x<p style="font:700 14px Arial">y<p style="font:italic 1px/1 Arial">z', 'y', 'x\nz'],
  // Colours.
  ['<font color=white>x</font><font color="#fffffe">y</font><font color=FFF>z</font>seen', 'seen', 'xyz'],
  ['<p style="color:rgb(255, 255,255)">x<p style="color:rgba(0,0,0,0)">y<p style="color:#ddd">z', 'z', 'x\ny'],
  ['<td bgcolor=black><span style="color:#fff">x</span><span style="color:#010101">y</span></td>', 'x', 'y'],
  [
    '<div style="background:#036 none repeat"><span style="color:#003366">x</span><span style="color:white">y</span></div>',
    'y',
    'x',
  ],
  ['<div style="background:url(a.png)"><span style="color:#fff">x</span></div>', 'x', ''],
  ['<div style="background:transparent"><span style="color:#fff">x</span></div>', '', 'x'],
  ['<body bgcolor="#000000" text="#000000">x<a href=u>link</a></body>', 'link', 'x'],
  ['<span style="color:nonsense">x</span><span style="color:hsl(0,0%,100%)">y</span>', 'xy', ''],
  // Style sheets.
  ['<style>.x{display:none} #y, div.z {display:none}</style><i class="a x">1</i><i id=y>2</i><div class=z>3</div>4', '4', '12\n3'],
  ['<style>@media (max-width:600px){.x{display:none}}</style><i class=x>1</i>', '1', ''],
  ['<style>.x{display:none}@media screen{.x{display:block}}</style><i class=x>1</i>', '1', ''],
  ['<style>@media screen{.x{display:block !important}}</style><i class=x style="display:none">1</i>', '1', ''],
  ['<style>.x{display:block}</style><i class=x style="display:none">1</i>', '', '1'],
  ['<style>.a .x{display:none} .x:hover{display:none}</style><i class=x>1</i>', '1', ''],
  ['<style>.x{background:#000}</style><i class=x><b style="color:#fff">1</b><b style="color:#000">2</b></i>', '1', '2'],
  ['<style>.a .x{background:#000}</style><i class=x><b style="color:#fff">1</b></i>', '1', ''],
  ['<style>.x{color:red}</style><font color=white><i class=x>1</i></font>', '1', ''],
  ['<style>/* { */ .x{display:none} /* } */</style><i class=x>1</i>2', '2', '1'],
  ['<style>.x{display:none', '', ''],
  // How elements end.
  ['<p style="display:none">x<p>y', 'y', 'x'],
  ['<div style="display:none"><table><td></div>x</table></div>y', 'y', 'x'],
  ['</div></p>x</b>', 'x', ''],
  ['<div style="display:none"/>x', '', 'x'],
  ['<svg><g style="display:none"/><text>x</text></svg>y', 'xy', ''],
  ['<textarea>x</textarea><plaintext><b>y', 'x <b>y', ''],
  // Tokens that end too early.
  ['x<', 'x<', ''],
  ['x<a href="', 'x', ''],
  ['x<!-- ', 'x', ''],
  ['x<!', 'x', ''],
  ['x<script>y', 'x', ''],
  ['+ADw-script+AD4-x', '+ADw-script+AD4-x', ''],
]

for (const [html, visible, hidden] of texts) {
  test(`text of ${JSON.stringify(html)}`, () => {
    const facts = readHtml(html)
    assert.deepEqual([facts.visibleText, facts.hiddenText], [visible, hidden])
  })
}

test('links carry their target and the text that is seen', () => {
  const { links, linkCount } = readHtml(
    '<a href=" https://a.example/?x=1&amp;y=2 "><b>Click</b> <i style="display:none">not</i><img src=i>here</a>' +
      '<a name=n>no link</a><a href=two>open <a href=three>next<map><area href=four alt=Four></map></a><form action=five></form>' +
      '<a href=first href=second>once</a>',
  )
  assert.deepEqual(
    links.map(({ target, text, element }) => [target, text, element]),
    [
      ['https://a.example/?x=1&y=2', 'Click here', 'a'],
      ['two', 'open', 'a'],
      ['four', 'Four', 'area'],
      ['three', 'next', 'a'],
      ['five', '', 'form'],
      ['first', 'once', 'a'],
    ],
  )
  assert.equal(linkCount, 6)
})

test('images carry the size that attributes or style give them', () => {
  const { images, imageCount } = readHtml(
    '<img src=a width=600 height="20px" alt="A &amp; B"><image src=b width=100%><img src=c style="width:1px;height:1px" width=9><img>',
  )
  assert.deepEqual(images, [
    { source: 'a', alt: 'A & B', width: 600, height: 20 },
    { source: 'b', alt: undefined, width: undefined, height: undefined },
    { source: 'c', alt: undefined, width: 1, height: 1 },
    { source: '', alt: undefined, width: undefined, height: undefined },
  ])
  assert.equal(imageCount, 4)
})

test('what is counted', () => {
  const facts = readHtml(
    '<title>A &lt; B</title><base href=" http://b.example/ "><meta HTTP-EQUIV=Refresh content="0;u"><script></script><script>' +
      '</script><form></form><iframe></iframe><object></object><embed><p onclick=x ON=y on-x=z><a href="java\tscript:x">j</a>' +
      '<a href="&#106;avascript:y">k</a><!--12345--><style>123</style><i style="1234">',
  )
  const { title, baseTarget, hasMetaRefresh, scriptCount, formCount, iframeCount, objectCount, activeCount } = facts
  assert.deepEqual(
    { title, baseTarget, hasMetaRefresh, scriptCount, formCount, iframeCount, objectCount, activeCount },
    {
      title: 'A < B',
      baseTarget: 'http://b.example/',
      hasMetaRefresh: true,
      scriptCount: 2,
      formCount: 1,
      iframeCount: 1,
      objectCount: 2,
      activeCount: 3,
    },
  )
  assert.equal(facts.styleBytes, 7)
  assert.ok(facts.commentBytes >= 5)
  assert.equal(facts.isCut, false)
})

test('a preheader is told from hidden text further on', () => {
  assert.equal(readHtml('<div style="display:none">Your &zwnj;&nbsp;order</div>Hello').preheaderChars, 'Your order'.length)
  assert.equal(readHtml('Hello<div style="display:none">viagra</div>').preheaderChars, 0)
  assert.equal(readHtml('<i hidden>ab</i>Hello<i hidden>cd</i>').preheaderChars, 2)
})

test('zero width characters count within words of Latin letters only', () => {
  assert.equal(readHtml('V&#8203;iag&shy;ra \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 a &zwnj; b').zeroWidthCount, 2)
})

/** Name, HTML, whether a limit is met. */
const hostile: readonly (readonly [string, () => string, boolean])[] = [
  ['a million nested elements', () => '<b>'.repeat(1_000_000), true],
  ['nested elements that end', () => `${'<u>'.repeat(500)}${'<i><b></i>'.repeat(30_000)}`, false],
  ['end tags that reach out of a cell', () => `<div><td>${'<b>'.repeat(400)}${'</div>'.repeat(90_000)}`, false],
  ['elements side by side', () => '<br>'.repeat(200_000), true],
  ['an attribute of 10 MB', () => `<a href="${'x'.repeat(10_000_000)}">`, true],
  ['a name of 10 MB', () => `<${'x'.repeat(10_000_000)}>`, true],
  ['ten thousand attributes', () => `<a ${Array.from({ length: 10_000 }, (_, at) => `x${at}=1`).join(' ')}>`, false],
  ['comments that never end', () => '<!--'.repeat(200_000), false],
  ['ends of comments', () => `<!--${'--!'.repeat(200_000)}`, false],
  ['less-than signs', () => '<'.repeat(1_000_000), true],
  ['ampersands', () => '&'.repeat(1_000_000), true],
  ['an endless entity', () => `&#${'0'.repeat(900_000)}`, false],
  ['NUL', () => '\0'.repeat(1_000_000), false],
  ['style of semicolons and parentheses', () => `<p style="${'(;:'.repeat(1_300)}">`.repeat(250), false],
  ['style sheet of braces', () => `<style>${'{'.repeat(60_000)}</style>`, false],
  ['style sheet of commas', () => `<style>${','.repeat(60_000)}{display:none}</style>`, false],
  ['style sheet of comments', () => `<style>${'/*'.repeat(30_000)}</style>`, false],
  ['many style sheets', () => '<style>a b c{display:none}</style>'.repeat(20_000), false],
  ['many classes', () => `<style>.x{display:none}</style>${`<i class="${'a '.repeat(1_900)}">`.repeat(200)}`, false],
  ['links', () => '<a href=x>y'.repeat(80_000), true],
  ['white space', () => ' '.repeat(1_000_000), false],
  ['white space and zero width', () => ' \u200b'.repeat(500_000), false],
]

for (const [name, make, isCut] of hostile) {
  test(`hostile: ${name}`, () => {
    const html = make()
    const facts = readHtml(html)
    assert.equal(facts.isCut, isCut)
    assert.ok(facts.visibleText.length <= 65_536 && facts.hiddenText.length <= 16_384)
    assert.ok(facts.links.length <= 500 && facts.maxDepth <= 512)
    assert.ok(facts.links.every((link) => link.target.length <= 2_000 && link.text.length <= 200))
  })
}

const pieces = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('<p>', '</p>', '<td>', '</td>', '<table>', '</table>', '<a href=x>', '</a>', '<br>', '<svg>', '/>'),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('<p style="display:none">', '<style>', '</style>', '.x{display:none}', '<i class=x>', '<!--', '-->'),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('&amp;', '&nGt;', '&#0;', '&#x10ffff;', '<![CDATA[', ']]>', '<title>', '<', '>', '"', "'", '='),
  },
  { weight: 1, arbitrary: anyText(10) },
)

test('any HTML is read, and no more text comes out than went in', () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
      const html = parts.join('')
      const facts = readHtml(html)
      assert.ok(facts.visibleText.length + facts.hiddenText.length <= html.length)
      assert.ok(facts.preheaderChars <= facts.hiddenText.length)
      assert.ok(facts.links.length <= facts.linkCount && facts.images.length <= facts.imageCount)
    }),
    { numRuns: 500 },
  )
})
