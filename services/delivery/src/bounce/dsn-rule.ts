/** Who is told of what became of a recipient (design §4.10, RFC 3461 §4.1): the sender, the owner, or nobody. */
import type { Job, Recipient } from '@sallyport/contracts'

export type ReportAction = 'failed' | 'delayed' | 'relayed' | 'delivered'

/** Whether this recipient's NOTIFY wants a notification of this kind. Without NOTIFY: of failure and delay. */
export function isWanted(recipient: Pick<Recipient, 'notify'> | undefined, action: ReportAction): boolean {
  const notify = recipient?.notify
  if (notify === undefined || notify.length === 0) return action === 'failed' || action === 'delayed'
  switch (action) {
    case 'failed':
      return notify.includes('FAILURE')
    case 'delayed':
      return notify.includes('DELAY')
    case 'relayed':
    case 'delivered':
      return notify.includes('SUCCESS')
  }
}

export type Audience =
  | { readonly kind: 'sender' }
  /** A DSN could go to a stranger: the owner of the application is told of failures instead. */
  | { readonly kind: 'owner'; readonly cause: string }
  | { readonly kind: 'nobody'; readonly cause: string }

/**
 * `isVerified`: `domain` and `address` of this very message passed for this application. A notification about a
 * notification is never made, and none ever goes to the null sender (RFC 5321 §6.1).
 */
export function audience(job: Pick<Job, 'isDsn' | 'message'>, isVerified: boolean, action: ReportAction): Audience {
  if (job.isDsn) return { kind: 'nobody', cause: 'it is a notification itself' }
  const cause = job.message.sender === '' ? 'it has the null sender' : isVerified ? undefined : 'its sender is not verified'
  if (cause === undefined) return { kind: 'sender' }
  return action === 'failed' ? { kind: 'owner', cause } : { kind: 'nobody', cause }
}

/** 5.6.3 and 5.6.7 (RFC 6152, RFC 6531): the next hop takes no 8-bit content, no addresses or header fields beyond ASCII. */
export const isBeyondAsciiRefused = (reply: string): boolean => /^\d{3}[ -]5\.6\.[37]\b/.test(reply)
