import { type Difference, type RuleCase, testRules } from '../rule-cases.ts'
import { listUnsubscribeRules } from './list-unsubscribe.ts'

const bulk: Difference = { envelope: { isBulk: true } }
const leave = (value: string, more = ''): Difference => ({ lines: `List-Unsubscribe: ${value}\r\n${more}`, ...bulk })
const https = '<https://example.com/leave?id=1>'
const mailto = '<mailto:leave@example.com?subject=1>'
const post = 'List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n'

const cases: readonly RuleCase[] = [
  ['spam.list-unsubscribe-missing', bulk, {}],
  ['spam.list-unsubscribe-missing', bulk, leave(https)],
  ['spam.list-unsubscribe-malformed', leave('https://example.com/leave'), leave(`${https},\r\n ${mailto} (or write)`)],
  ['spam.list-unsubscribe-malformed', leave('<leave@example.com>'), leave(mailto)],
  ['spam.list-unsubscribe-malformed', leave(`${https} or ${mailto}`), leave(`${https}, ${mailto}`)],
  ['spam.list-unsubscribe-malformed', leave(''), bulk],
  ['spam.list-unsubscribe-unusable', leave('<http://example.com/leave>'), leave(https)],
  ['spam.list-unsubscribe-unusable', leave('<http://example.com/leave>'), leave(`<http://example.com/leave>, ${mailto}`)],
  ['spam.list-unsubscribe-post-missing', leave(https), leave(https, post)],
  ['spam.list-unsubscribe-post-missing', leave(https), { lines: `List-Unsubscribe: ${https}\r\n` }],
  ['spam.list-unsubscribe-post-wrong', leave(https, 'List-Unsubscribe-Post: one-click\r\n'), leave(https, post)],
  ['spam.list-unsubscribe-post-without-https', leave(mailto, post), leave(`${mailto}, ${https}`, post)],
  ['spam.list-unsubscribe-post-without-https', { lines: post }, {}],
]

testRules(listUnsubscribeRules, cases)
