/** A publisher that writes every revision into the audit log, whichever way it came. */
import { changesBetween } from './api/policy-history.ts'
import type { AuditLog } from './audit-log.ts'
import type { PolicyPublisher } from './policy-publisher.ts'

export function auditedPublisher(publisher: PolicyPublisher, audit: AuditLog): PolicyPublisher {
  return {
    ...publisher,
    async publish(change) {
      const outcome = await publisher.publish(change)
      if (outcome.kind !== 'published' || change.dryRun) return outcome
      const { revision } = outcome
      const [before, after] = [revision - 1, revision].map((wanted) => publisher.revisions().find((one) => one.revision === wanted))
      const { action = 'policy.apply', token = 'file', scope = 'admin', subject } = change.audit ?? {}
      await audit.add({
        who: change.author,
        token,
        scope,
        action,
        subject: subject ?? `revision ${revision}`,
        reason: change.reason,
        before: { revision: before?.revision ?? 0 },
        after: { revision, changes: after ? changesBetween(before, after) : [] },
      })
      return outcome
    },
  }
}
