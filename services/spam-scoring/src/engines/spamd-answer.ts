/** What SpamAssassin found, from an answer to REPORT. */
import { EngineUnavailable } from './engine-unavailable.ts'
import type { Scored } from './rspamd-answer.ts'
import { type EngineSymbol, maxEngineReasons, symbolReason } from './symbol-reason.ts'

/** The header and as many bytes behind it as it says. An error has no header. */
export function isWholeSpamdAnswer(answer: Buffer): boolean {
  const end = answer.indexOf('\r\n\r\n')
  if (end < 0) return false
  const bodyBytes = Number(/^Content-length:\s*(\d+)\s*$/im.exec(answer.toString('latin1', 0, end))?.[1] ?? Number.NaN)
  return answer.byteLength >= end + 4 + bodyBytes
}

/** Fails with ENGINE_UNAVAILABLE where it is an error of spamd's, cut short, or without a score. */
export function readSpamdAnswer(engine: string, answer: Buffer): Scored {
  const end = answer.indexOf('\r\n\r\n')
  const header = answer.toString('latin1', 0, end < 0 ? answer.byteLength : end)
  const [first = ''] = header.split('\r\n', 1)
  const [, code, said = ''] = /^SPAMD\/\d+\.\d+ (\d+) ?(.*)$/.exec(first) ?? []
  if (code === undefined) throw none(engine, first)
  if (code !== '0') throw new EngineUnavailable('failed', `${engine} refuses the message: ${code} ${said.slice(0, 200)}`)
  if (!isWholeSpamdAnswer(answer)) throw new EngineUnavailable('failed', `${engine} closed the connection within its answer`)
  const [, points] = /^Spam:\s*(?:True|False|Yes|No)\s*;\s*(-?\d+(?:\.\d+)?)\s*\/\s*-?\d/im.exec(header) ?? []
  if (points === undefined) throw none(engine, first)
  const reasons = reportedRules(engine, answer.toString('utf8', end + 4))
    .filter((rule) => rule.points !== 0)
    .sort((left, right) => right.points - left.points)
    .slice(0, maxEngineReasons)
    .map(symbolReason)
  return { score: Number(points), reasons }
}

/** The rows of the table at the end of the report; none where an administrator has changed the report's template. */
function reportedRules(engine: string, report: string): EngineSymbol[] {
  const rules: { -readonly [key in keyof EngineSymbol]: EngineSymbol[key] }[] = []
  const begin = /^---- -{10,} -{10,}\r?$/m.exec(report)
  for (const line of begin ? report.slice(begin.index).split(/\r?\n/).slice(1) : []) {
    const [, points, symbol, description = ''] = /^\s{0,3}(-?\d+(?:\.\d+)?)\s+([A-Z_][A-Z0-9_]*)\s*(.*)$/i.exec(line) ?? []
    if (points !== undefined && symbol !== undefined) {
      rules.push({ kind: 'spamassassin', engine, symbol, points: Number(points), description, options: undefined })
      continue
    }
    // What a long description has left stands below it.
    const last = rules.at(-1)
    if (last && /^\s{20,}\S/.test(line)) last.description = `${last.description ?? ''} ${line.trim()}`.trim()
  }
  return rules
}

const none = (engine: string, first: string): EngineUnavailable =>
  new EngineUnavailable('failed', `${engine} gave an answer that is none of spamd's: ${first.slice(0, 100)}`)
