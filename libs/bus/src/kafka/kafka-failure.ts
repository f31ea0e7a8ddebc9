/** What a Kafka client's errors mean here. */
import { SallyportError } from '@sallyport/contracts'

const refused = [
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
]

/** The code of a protocol error, down the chain of causes: `NOT_LEADER_FOR_PARTITION`, say. */
export function protocolCode(error: unknown): string | undefined {
  return protocolCodes(error)[0]
}

/** A failure of several topics holds one for each. */
function protocolCodes(error: unknown): readonly string[] {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('type' in at && typeof at.type === 'string') return [at.type]
    if ('errors' in at && Array.isArray(at.errors)) {
      const codes = at.errors.flatMap(protocolCodes)
      // What another process did first is not what failed.
      return [...codes.filter((code) => code !== alreadyThere), ...codes.filter((code) => code === alreadyThere)]
    }
  }
  return []
}

const alreadyThere = 'TOPIC_ALREADY_EXISTS'
export const isAlreadyThere = (error: unknown): boolean => protocolCode(error) === alreadyThere

/** The cluster forbids it: waiting does not help, an ACL does. */
export const isRefused = (error: unknown): boolean => refused.includes(protocolCode(error) ?? '')

/** For a client that does not say it so. */
export const refusedGroup = (group: string, cause: unknown): Error =>
  Object.assign(new Error(`not authorized to use the group ${group}`, { cause }), { type: 'GROUP_AUTHORIZATION_FAILED' })

/** The name and password, or the certificate, are not accepted, or this is not the protocol that the broker speaks. */
export function isLoginFailure(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at.name === 'KafkaJSSASLAuthenticationError' || /SASL|SSL routines|self.signed|unable to verify|altnames/i.test(at.message))
      return true
  }
  return false
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).trim()

/** Waiting may help: the record may or may not be in the log. */
export function unavailable(what: string, error: unknown): SallyportError {
  if (error instanceof SallyportError) return error
  return new SallyportError('BUS_UNAVAILABLE', `${what}: ${messageOf(error)}`, { cause: error })
}
