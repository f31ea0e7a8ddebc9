/** What PostgreSQL, its client and the network say, in the words of the one table of errors. */
import { SallyportError } from '@sallyport/contracts'

/** SQLSTATE (PostgreSQL 15, appendix A). */
const advice: Readonly<Record<string, string>> = {
  '28P01': 'the password is refused: check the secret and the user',
  '28000': 'the server does not let this user in: check user, database and its pg_hba.conf (does it want TLS?)',
  '3D000': 'the database does not exist: create it, owned by this user',
  '42501': 'the user may not do this: let it own the database, or grant CREATE on its schema',
  '53300': 'the server has no connection left: raise its max_connections',
  '57P03': 'the server starts or stops: it goes on by itself',
  ECONNREFUSED: 'nobody listens there: start the server, or check host and port',
  ENOTFOUND: 'the host is not known: check its name',
  ETIMEDOUT: 'the server does not answer: check the network and its firewall',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another name: connect by the name that stands in it',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is signed by nobody we know: name its CA in tls.ca',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate is signed by nobody we know: name its CA in tls.ca',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate is signed by nobody we know: name its CA in tls.ca',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the certificate is signed by nobody we know: name its CA in tls.ca',
  CERT_HAS_EXPIRED: 'the certificate has expired: renew it',
}
const full = ['53100', '53200']

/** `server`: host:port/database, as people know it. Never has a password in it. */
export function postgresError(cause: unknown, server: string): SallyportError {
  if (cause instanceof SallyportError) return cause
  const { message, code } = cause as Error & { code?: string }
  if (code !== undefined && full.includes(code)) {
    return new SallyportError('STORE_FULL', `PostgreSQL ${server} has no room (${message}): free some, it goes on by itself`, {
      cause,
    })
  }
  const hint = code === undefined ? undefined : advice[code]
  const text = /does not support SSL/.test(message) ? 'it speaks no TLS: switch it on there, or set tls to off' : hint
  return new SallyportError('STORE_UNAVAILABLE', `PostgreSQL ${server}: ${message}${text === undefined ? '' : `: ${text}`}`, {
    cause,
  })
}
