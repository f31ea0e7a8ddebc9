/** Which buckets a message needs, and how much of each. */
import type { ContentRef, Message } from '@sallyport/contracts'
import { type BucketClaim, bucketName } from '@sallyport/limiter'
import { recipientDomain, senderNames } from '@sallyport/mail'
import { type LimitOwners, limitText, limitValues, type ThrottleLimit } from '@sallyport/policy'

/** A bucket with what people call it. */
export interface NamedClaim extends BucketClaim {
  readonly limit: ThrottleLimit
  /** `1000/h recipients per sender-domain example.com, burst 500`. */
  readonly text: string
}

/**
 * One claim for each limit, or with `recipient-domain` one for each organization that the message goes to: `recipients` counts
 * its recipients there, while a message and its bytes go to each of them whole.
 *
 * The name begins with the mode. In monitor the buckets are other ones, shadows: they see what enforced ones would have let
 * pass, and with the change to enforce every bucket is full, so that nobody is refused for what nobody limited. The rate is in
 * the name, as one message may need buckets of several windows: another rate is another, full bucket, so that raising a limit
 * helps at once. The burst is not: another burst holds for the bucket as it stands.
 */
export function claimsOf(
  message: Pick<Message, 'application' | 'sender' | 'recipients'>,
  content: Pick<ContentRef, 'contentBytes'>,
  limits: readonly ThrottleLimit[],
  mode: 'enforce' | 'monitor',
): readonly NamedClaim[] {
  const sender = senderNames(message.sender)
  let byDomain: ReadonlyMap<string, number> | undefined
  const claims: NamedClaim[] = []
  const add = (limit: ThrottleLimit, domain: string, recipients: number): void => {
    const { count, rate, burst, intervalMs } = limit
    const owners: LimitOwners = {
      application: message.application,
      sender: sender.sender,
      'sender-domain': sender.domain,
      'recipient-domain': domain,
    }
    claims.push({
      application: message.application,
      name: bucketName({ mode, count, rate }, limitValues(limit, owners)),
      intervalMs,
      burst,
      cost: count === 'messages' ? 1 : count === 'bytes' ? content.contentBytes : recipients,
      limit,
      text: limitText(limit, owners),
    })
  }
  for (const limit of limits) {
    if (limit.per.includes('recipient-domain')) {
      byDomain ??= recipientsByDomain(message.recipients)
      for (const [domain, recipients] of byDomain) add(limit, domain, recipients)
    } else add(limit, '', message.recipients.length)
  }
  return claims
}

function recipientsByDomain(recipients: Message['recipients']): ReadonlyMap<string, number> {
  const byDomain = new Map<string, number>()
  for (const { address } of recipients) {
    const domain = recipientDomain(address)
    byDomain.set(domain, (byDomain.get(domain) ?? 0) + 1)
  }
  return byDomain
}
