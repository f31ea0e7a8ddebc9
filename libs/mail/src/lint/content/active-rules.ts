/** Rules on what is more than text, images and links in an HTML body. */
import type { HtmlFacts } from '../../html/port.ts'
import { seen } from '../evidence.ts'
import type { LintEvidence, LintInput, LintRule } from '../port.ts'

function counted(input: LintInput, count: (html: HtmlFacts) => number): LintEvidence | undefined {
  const found = input.html === undefined ? 0 : count(input.html)
  return found > 0 ? { count: found } : undefined
}

export const activeRules: readonly LintRule[] = [
  {
    id: 'spam.html-script',
    points: 2,
    text: 'The HTML body has a script.',
    fix: 'Take the script elements out; often they come from a template for web pages.',
    reference: 'Recommendation of mailbox providers (AMP for Email aside)',
    why: 'No mail reader runs scripts. Receivers refuse or gut mail that has them.',
    find: (input) => counted(input, (html) => html.scriptCount),
  },
  {
    id: 'spam.html-event-handler',
    points: 1,
    text: 'Elements of the HTML body run scripts on events (onclick, onload, …).',
    fix: 'Take the attributes out; mail readers drop them anyway.',
    reference: 'HTML standard §8.1.8',
    why: 'Filters count them as scripts.',
    find: (input) => counted(input, (html) => html.activeCount),
  },
  {
    id: 'spam.html-form',
    points: 0.7,
    text: 'The HTML body has a form.',
    fix: 'Link to a page that has the form.',
    reference: 'M3AAWG Anti-Phishing Best Practices',
    why: 'Most mail readers do not send forms, and forms that ask for passwords in a mail are phishing.',
    find: (input) => counted(input, (html) => html.formCount),
  },
  {
    id: 'spam.html-frame',
    points: 1,
    text: 'The HTML body frames another page (iframe, frame).',
    fix: 'Link to the page.',
    reference: 'Recommendation of mailbox providers',
    why: 'Mail readers do not show it, and it has spread worms.',
    find: (input) => counted(input, (html) => html.iframeCount),
  },
  {
    id: 'spam.html-object',
    points: 1,
    text: 'The HTML body embeds an object (object, embed, applet).',
    fix: 'Link to it, or attach it.',
    reference: 'Recommendation of mailbox providers',
    why: 'Mail readers do not show it, and it has spread worms.',
    find: (input) => counted(input, (html) => html.objectCount),
  },
  {
    id: 'spam.html-refresh',
    points: 3,
    text: 'The HTML body sends the reader to another page by itself (meta refresh).',
    fix: 'Take it out, and let the reader click.',
    reference: 'HTML standard §4.2.5.3',
    why: 'Mail readers ignore it; in attached pages it is how phishing begins.',
    find: (input) => (input.html?.hasMetaRefresh === true ? seen : undefined),
  },
]
