/** What a statement does, for metrics: `db.operation.name` of OpenTelemetry's conventions. */

const known = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'BEGIN', 'COMMIT', 'ROLLBACK', 'CREATE', 'ALTER', 'DROP', 'LOCK', 'SET']

/** One of few words; `WITH` is what its statement may be, and most only read. */
export function operationName(sql: string): string {
  const [word = ''] = /^\s*\(?\s*([a-z]+)/i.exec(sql)?.slice(1) ?? []
  const upper = word.toUpperCase()
  if (upper === 'WITH') return 'SELECT'
  return known.includes(upper) ? upper : 'OTHER'
}
