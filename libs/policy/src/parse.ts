/** Reads a policy document from YAML 1.2 or JSON text, and says in which line a fault is. */
import { type Document, LineCounter, parseDocument, type YAMLError } from 'yaml'
import { maxDocumentBytes } from './document.ts'
import { type Fault, type Finding, jsonPointer } from './fault.ts'
import { type CheckedPolicy, checkedPolicy, findingsOf } from './validate.ts'
import { duplicateKeys, offsetOf } from './yaml-places.ts'

/** An alias may be used this often in all, which is far more than anybody writes and far less than a bomb needs. */
const maxAliases = 100

/**
 * Reads and checks a policy. Every fault at once, in the order of the lines. Text that is no YAML, or longer than 512 KiB, or
 * whose aliases unfold without bounds, is a fault of the document itself. Never throws.
 */
export function parsePolicy(text: string): CheckedPolicy {
  const bytes = new TextEncoder().encode(text).length
  if (bytes > maxDocumentBytes) {
    const hint = 'Move long lists of addresses into "directories"'
    return refused([{ path: '/', message: `has ${bytes} bytes, more than ${maxDocumentBytes}`, hint }])
  }
  try {
    return checkText(text)
  } catch (error) {
    const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}`
    return refused([{ path: '/', message, hint: 'Write it without aliases that unfold, and without deep nesting' }])
  }
}

const refused = (faults: readonly Fault[]): CheckedPolicy => ({ ok: false, faults, warnings: [] })

function checkText(text: string): CheckedPolicy {
  const lines = new LineCounter()
  const yaml = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, version: '1.2', schema: 'core' })
  const syntax = [...yaml.errors, ...yaml.warnings]
  if (syntax.length > 0) return refused(syntax.map((error) => syntaxFault(error, lines)))
  const value: unknown = yaml.toJS({ maxAliasCount: maxAliases })
  const { faults, warnings } = findingsOf(value)
  const place = (found: readonly Located[]): Fault[] => inLines(found, yaml, lines)
  return checkedPolicy(value, place([...duplicateKeys(yaml), ...faults]), place(warnings))
}

function syntaxFault({ code, message, pos }: YAMLError, lines: LineCounter): Fault {
  const { line } = lines.linePos(pos[0])
  if (code === 'MULTIPLE_DOCS') {
    return {
      path: '/',
      line,
      message: 'is followed by another document',
      hint: 'A policy is one document: remove the "---" between them',
    }
  }
  if (code === 'TAG_RESOLVE_FAILED') return { path: '/', line, message, hint: 'Remove the tag, or put the value in quotes' }
  return { path: '/', line, message: `is not YAML: ${message}`, hint: 'Check indentation, quotes and brackets' }
}

type Located = Finding & { readonly offset?: number }

function inLines(findings: readonly Located[], yaml: Document.Parsed, lines: LineCounter): Fault[] {
  const faults = findings.map(({ path, message, hint, offset }) => {
    const { line } = lines.linePos(offset ?? offsetOf(yaml, path))
    return { path: jsonPointer(path), line, message, hint }
  })
  return faults.toSorted((left, right) => left.line - right.line)
}
