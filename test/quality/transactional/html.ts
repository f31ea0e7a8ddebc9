/** The HTML form of a message, in four layouts: two for training, two only for measuring. */
import type { Random } from './random.ts'
import type { Block } from './template.ts'

export type Layout = 'card' | 'plain' | 'grid' | 'article'
export const layouts: Readonly<Record<'training' | 'measuring', readonly Layout[]>> = {
  training: ['card', 'plain'],
  measuring: ['grid', 'article'],
}

export interface Page {
  readonly language: string
  readonly title: string
  readonly company: string
  readonly domain: string
  /** `cid:` or an address of a picture; '' = none. */
  readonly logo: string
  readonly buttonLink: string
  /** An invisible picture that counts the opening; '' = none. */
  readonly pixel: string
}

export function html(blocks: readonly Block[], page: Page, layout: Layout, random: Random): string {
  const colour = random.pick(['#0b5fff', '#1a7f37', '#a3195b', '#333f48', '#c2410c', '#5b21b6', '#0f766e'])
  const font = random.pick([
    'Arial,Helvetica,sans-serif',
    "'Helvetica Neue',Helvetica,Arial,sans-serif",
    'Georgia,serif',
    'Verdana,sans-serif',
  ])
  const body = blocks.map((block) => blockHtml(block, page, layout, colour)).join('\n')
  const logo =
    page.logo === ''
      ? `<strong>${escaped(page.company)}</strong>`
      : `<img src="${page.logo}" alt="${escaped(page.company)}" width="120" height="40" border="0">`
  const pixel = page.pixel === '' ? '' : `<img src="${page.pixel}" width="1" height="1" alt="" style="display:block">`
  return `${frame(layout, { body, logo, pixel, colour, font, page })}\n`.replace(/\r?\n/g, '\r\n')
}

interface Parts {
  readonly body: string
  readonly logo: string
  readonly pixel: string
  readonly colour: string
  readonly font: string
  readonly page: Page
}

function frame(layout: Layout, { body, logo, pixel, colour, font, page }: Parts): string {
  const head = `<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\n<title>${escaped(page.title)}</title>`
  switch (layout) {
    case 'card':
      return `<!DOCTYPE html>
<html lang="${page.language}"><head>${head}
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{margin:0;background:#f4f5f7;font-family:${font}}.card{max-width:600px;margin:24px auto;background:#fff;border-radius:6px;padding:32px}
h1{font-size:22px;color:#1c1e21}p,li,td{font-size:15px;line-height:22px;color:#333}.button{background:${colour};color:#fff;padding:12px 24px;border-radius:4px;text-decoration:none;display:inline-block}
.foot{font-size:12px;color:#888;text-align:center}@media (max-width:620px){.card{margin:0;border-radius:0;padding:16px}}</style></head>
<body><div class="card"><p>${logo}</p>
${body}
</div><p class="foot">${escaped(page.company)} &middot; <a href="https://www.${page.domain}/">www.${page.domain}</a></p>${pixel}</body></html>`
    case 'plain':
      return `<html><head>${head}</head>
<body style="font-family:${font};font-size:14px;color:#222">
${body}
<p style="color:#777;font-size:12px">--<br>${escaped(page.company)}</p>
</body></html>`
    case 'grid':
      return `<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" lang="${page.language}"><head>${head}</head>
<body bgcolor="#eeeeee" style="margin:0;padding:0;-webkit-text-size-adjust:100%">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#eeeeee"><tr><td align="center" style="padding:20px 10px">
<table role="presentation" width="640" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" style="border-top:4px solid ${colour}">
<tr><td style="padding:24px 40px;font-family:${font}">${logo}</td></tr>
<tr><td style="padding:0 40px 24px 40px;font-family:${font};font-size:16px;line-height:24px;color:#444444">
${body}
</td></tr>
<tr><td style="padding:16px 40px;font-family:${font};font-size:11px;color:#999999;border-top:1px solid #dddddd">&copy; ${escaped(page.company)}. <a href="https://${page.domain}/privacy" style="color:#999999">${page.domain}</a></td></tr>
</table></td></tr></table>${pixel}</body></html>`
    case 'article':
      return `<!doctype html><html lang="${page.language}"><head><meta charset="utf-8"><title>${escaped(page.title)}</title></head><body>
<article style="max-width:38em;margin:0 auto;font:17px/1.5 ${font}">
<header>${logo}</header>
${body}
<footer><small>${escaped(page.company)}</small></footer></article>${pixel}</body></html>`
  }
}

function blockHtml(block: Block, page: Page, layout: Layout, colour: string): string {
  const isTabular = layout === 'grid'
  switch (block.type) {
    case 'paragraph':
      return `<p${isTabular ? ' style="margin:0 0 16px 0"' : ''}>${linked(escaped(block.text)).replaceAll('\n', '<br>\n')}</p>`
    case 'heading':
      return layout === 'article'
        ? `<h2>${escaped(block.text)}</h2>`
        : `<h1${isTabular ? ` style="color:${colour};font-size:24px"` : ''}>${escaped(block.text)}</h1>`
    case 'button':
      if (layout === 'plain' || layout === 'article') return `<p><a href="${page.buttonLink}">${escaped(block.text)}</a></p>`
      if (layout === 'card') return `<p><a class="button" href="${page.buttonLink}">${escaped(block.text)}</a></p>`
      return `<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr><td bgcolor="${colour}" style="padding:12px 28px"><a href="${page.buttonLink}" target="_blank" style="color:#ffffff;text-decoration:none;font-weight:bold">${escaped(block.text)}</a></td></tr></table>`
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${linked(escaped(item))}</li>`).join('\n')}</ul>`
    case 'table':
      return `<table${isTabular ? ' width="100%" cellpadding="6" style="border-collapse:collapse"' : ''}>\n${block.rows.map((row) => `<tr>${row.map((cell) => `<td>${linked(escaped(cell))}</td>`).join('')}</tr>`).join('\n')}\n</table>`
  }
}

function linked(html: string): string {
  return html.replace(/https:\/\/[^\s<]+/g, (link) => `<a href="${link}">${link}</a>`)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
