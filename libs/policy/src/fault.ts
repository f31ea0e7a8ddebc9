/** What is wrong, or doubtful, in a policy: where, what, and what to do. */

export interface Fault {
  /** JSON Pointer (RFC 6901) into the document; `/` is the document itself. */
  readonly path: string
  /** Line in the text, from 1 on; absent where the document did not come as text. */
  readonly line?: number
  readonly message: string
  /** What to do about it. */
  readonly hint: string
}

export type Path = readonly (string | number)[]

export interface Finding {
  readonly path: Path
  readonly message: string
  readonly hint: string
}

/** Takes what the rules find. A warning never refuses a policy. */
export interface Findings {
  fault(path: Path, message: string, hint: string): void
  warn(path: Path, message: string, hint: string): void
}

export interface CollectedFindings extends Findings {
  readonly faults: readonly Finding[]
  readonly warnings: readonly Finding[]
}

export function collectFindings(): CollectedFindings {
  const faults: Finding[] = []
  const warnings: Finding[] = []
  return {
    faults,
    warnings,
    fault: (path, message, hint) => void faults.push({ path, message, hint }),
    warn: (path, message, hint) => void warnings.push({ path, message, hint }),
  }
}

/** The JSON Pointer of a path; `/` for the document itself. */
export function jsonPointer(path: Path): string {
  return `/${path.map((segment) => String(segment).replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`
}

/** One line for people: `line 12, /applications/2/owner: is empty. Write …`. */
export function formatFault({ line, path, message, hint }: Fault): string {
  return `${line === undefined ? '' : `line ${line}, `}${path}: ${message}. ${hint}`
}
