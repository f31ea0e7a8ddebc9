/** The faults and warnings of a policy as marks in its text. */
import type { Diagnostic } from '@codemirror/lint'
import type { PolicyChecked } from '@sallyport/contracts'
import { parseDocument } from 'yaml'
import { rangeOfPointer } from './yaml-place.ts'

export function faultMarks(text: string, { faults, warnings }: Pick<PolicyChecked, 'faults' | 'warnings'>): Diagnostic[] {
  const document = parseDocument(text, { logLevel: 'silent' })
  const marked =
    (severity: 'error' | 'warning') =>
    (fault: PolicyChecked['faults'][number]): Diagnostic => {
      const [from, to] =
        fault.path === '' && fault.line ? lineRange(text, fault.line) : rangeOfPointer(document, fault.path, text.length)
      return { from, to: Math.max(from, to), severity, message: fault.hint ? `${fault.message}\n${fault.hint}` : fault.message }
    }
  return [...faults.map(marked('error')), ...warnings.map(marked('warning'))].sort((a, b) => a.from - b.from)
}

/** `line` counts from 1. */
function lineRange(text: string, line: number): readonly [number, number] {
  const lines = text.split('\n')
  const from = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0)
  const start = Math.min(from, text.length)
  return [start, Math.min(start + (lines[line - 1]?.length ?? 0), text.length)]
}
