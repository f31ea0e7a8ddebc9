/** The page behind the link in a refusal. */
import { createHash } from 'node:crypto'
import type { Contribution, MessageRecord, ToldAnnotation, ToldReason, Verdict } from '@sallyport/contracts'
import { checkWords } from './check-words.ts'
import { type Html, html } from './html.ts'

export interface ExplanationContext {
  readonly organization: string
  /** Of the mail team; undefined where the policy names none. */
  readonly contact: string | undefined
  /** Of the application. */
  readonly owner: string | undefined
}

const style = `:root{color-scheme:light dark}body{font:1rem/1.55 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.15rem;margin-top:2.2rem}dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}
dt{font-weight:600}dd{margin:0;overflow-wrap:anywhere}code{font-size:.9em;overflow-wrap:anywhere}
section{border-inline-start:4px solid #b45309;padding-inline-start:1rem;margin:1.5rem 0}.fix{font-weight:600}
@media(max-width:30rem){dl{grid-template-columns:1fr}dd{margin-bottom:.5rem}}`

/** No script, nothing from elsewhere, and no style but ours. */
export const contentSecurityPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** The page of a message that was refused, or of one that was not after all. */
export function explanationHtml(record: MessageRecord, context: ExplanationContext): string {
  const { verdict } = record
  if (record.status !== 'refused' || !verdict) return page('This message was not refused', notRefused(record))
  const deciding = verdict.contributions.filter(({ check }) => verdict.decidedBy.includes(check))
  const [first] = deciding
  const others = verdict.contributions.filter((one) => !deciding.includes(one) && one.mode === 'monitor' && one.action !== 'relay')
  return page(
    'Why this message was refused',
    html`<p>The mail gateway of ${context.organization} did not take a message of the application <strong>${record.application}</strong>.
The program that sent it still has it, and was told so: nothing was lost here, and nobody else was told.</p>
${facts(record, verdict)}
${deciding.map((one) => check(one, record.annotations))}
<h2>What to do</h2>
<ol><li>Change what the findings above name; each says how.</li>
<li>Send the message again: it is judged anew. ${waits(verdict)}</li>
<li>If you think that the message is right as it is, ask. Give the message id, or this link.</li></ol>
${whomToAsk(context, record)}
${others.length > 0 ? html`<h2>Not refused for this, but it will be</h2><p>These checks are only watched so far. Once they are enforced, they refuse such a message, too.</p>${others.map((one) => check(one, record.annotations))}` : undefined}
<p>Refused by ${first ? checkNames(deciding) : 'the policy'}, revision ${verdict.policyRevision} of the policy.</p>`,
  )
}

export const missingHtml = (): string =>
  page(
    'There is no explanation here',
    html`<p>The link is not complete, or older than 30 days, or the message came a moment ago: then try again in some seconds.
Links look like <code>/explain/</code> and 22 letters and digits.</p>`,
  )

function facts({ id, envelope, reply, firstSeenAt }: MessageRecord, { action }: Verdict): Html {
  const rows: readonly (readonly [string, string | undefined])[] = [
    [
      'When',
      new Date(firstSeenAt)
        .toISOString()
        .replace('T', ' ')
        .replace(/\.\d+Z$/, ' UTC'),
    ],
    ['Answer', action === 'defer' ? 'not now, try again later' : 'no'],
    ['SMTP reply', reply ?? undefined],
    ['Sender (MAIL FROM)', envelope && (envelope.sender || '<> (none)')],
    ['From', envelope?.headerFrom.join(', ')],
    [
      'Sent by',
      envelope && `${envelope.client.address}${envelope.client.authIdentity ? `, user ${envelope.client.authIdentity}` : ''}`,
    ],
    ['Message id', id],
  ].map(([name, value]) => [name ?? '', value ?? undefined])
  return html`<dl>${rows.flatMap(([name, value]) => (value ? [html`<dt>${name}</dt><dd>${value}</dd>`] : []))}</dl>`
}

function check({ check: name, text, action }: Contribution, annotations: readonly ToldAnnotation[]): Html {
  const words = checkWords(name)
  const reasons = annotations.find((annotation) => annotation.check === name)?.reasons ?? []
  const found: readonly ToldReason[] =
    reasons.length > 0 ? reasons : [{ rule: name, text: text ?? `The check stands for ${action}.` }]
  return html`<section><h2>${words.title}</h2><p>${words.about}</p>${found.map(reason)}<p>${words.where}</p></section>`
}

function reason({ rule, text, fix, evidence = {} }: ToldReason): Html {
  const seen = Object.entries(evidence).map(
    ([name, value]) => html`<dt>${name}</dt><dd>${Array.isArray(value) ? value.join(', ') : String(value)}</dd>`,
  )
  return html`<p>${text}</p>${fix ? html`<p class="fix">How to fix it: ${fix}</p>` : undefined}
<dl><dt>Rule</dt><dd><code>${rule}</code></dd>${seen}</dl>`
}

const waits = ({ action, waitMs }: Verdict): string =>
  action === 'defer' && waitMs !== undefined ? `It may be sent again in ${Math.ceil(waitMs / 1000)} s.` : ''

function whomToAsk({ organization, contact, owner }: ExplanationContext, { application }: MessageRecord): Html {
  return html`<h2>Whom to ask</h2><ul>
${owner ? html`<li>The owner of the application ${application}: <a href="mailto:${owner}">${owner}</a>, who knows the program and its registration.</li>` : undefined}
${contact ? html`<li>The mail team of ${organization}: <a href="mailto:${contact}">${contact}</a>, who registers addresses and limits.</li>` : html`<li>The mail team of ${organization}, who registers addresses and limits.</li>`}</ul>`
}

const checkNames = (deciding: readonly Contribution[]): string => deciding.map(({ check }) => `the check "${check}"`).join(' and ')

const notRefused = ({ id, status, application }: MessageRecord): Html =>
  html`<p>The message ${id} of the application ${application} is <strong>${status}</strong>. There is nothing to explain.</p>`

function page(title: string, body: Html): string {
  const { html: text } = html`<title>${title}</title>`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${text}<meta name="robots" content="noindex"><style>${style}</style></head>
<body><main><h1>${html`${title}`.html}</h1>${body.html}</main></body></html>
`
}
