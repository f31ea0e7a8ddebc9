/** What went wrong, as the API's problem documents say it (RFC 9457). */
import type { Problem } from '@sallyport/contracts'

export const unreachable: Problem = {
  type: 'urn:sallyport:problem:UNREACHABLE',
  title: 'The console does not answer',
  status: 0,
  detail: 'See whether the gateway runs and whether this machine reaches it. The page asks again by itself.',
  code: 'UNREACHABLE',
}

/** An answer that is no problem document comes from something in between: a proxy, most often. */
export function problemOf(status: number, text: string): Problem {
  return (
    parsed(text) ?? {
      type: 'about:blank',
      title: `The answer was ${status}`,
      status,
      detail: 'It does not come from the console itself. See what stands between this page and the gateway.',
      code: 'UNEXPECTED_ANSWER',
    }
  )
}

function parsed(text: string): Problem | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isProblem = typeof value === 'object' && value !== null && 'detail' in value && 'title' in value && 'code' in value
    return isProblem ? (value as Problem) : undefined
  } catch {
    return undefined
  }
}
