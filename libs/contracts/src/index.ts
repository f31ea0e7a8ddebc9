/**
 * The records that Sallyport's roles exchange, and the words they use.
 *
 * application   a registered sending system with an owner; recognized by AUTH identity, client certificate or network
 * directory     the authorized sender domains and authorized sender addresses
 * check         `domain`, `address`, `spam`, `throttle`, …: it reports, it never decides
 * annotation    what one check found on one message
 * mode          per application and check: `off`, `monitor` (annotate and count, change nothing) or `enforce`
 * verdict       all annotations combined under the policy: `relay`, `reject`, `defer` or `hold`
 * acceptance    the moment the gateway answers 250 to the end of DATA; from then on the message is ours
 * disposition   how a recipient ended: `delivered`, `bounced`, `expired`, `dropped`
 * hold          kept in quarantine until released, dropped, or its expiry policy acts
 * bounce        an RFC 3464 delivery status notification
 * content       the message's bytes as received, header and body
 *
 * Nothing here does I/O, and nothing here imports another package of ours.
 */
export * from './api/applications-api.ts'
export * from './api/audit-api.ts'
export * from './api/backup-api.ts'
export * from './api/explain-api.ts'
export * from './api/limits-api.ts'
export * from './api/message-record.ts'
export * from './api/messages-api.ts'
export * from './api/operation.ts'
export * from './api/operations.ts'
export * from './api/overview-api.ts'
export * from './api/policy-api.ts'
export * from './api/problem.ts'
export * from './api/quarantine-api.ts'
export * from './api/queue-api.ts'
export * from './api/roles-api.ts'
export * from './api/session-api.ts'
export * from './api/statistics-api.ts'
export { asyncapiText } from './asyncapi/asyncapi-document.ts'
export { tableCodecs } from './asyncapi/table-codecs.ts'
export * from './basics.ts'
export * from './codec.ts'
export * from './random.ts'
export * from './records/annotation.ts'
export * from './records/audit.ts'
export * from './records/dead.ts'
export * from './records/decided.ts'
export * from './records/event.ts'
export * from './records/held.ts'
export * from './records/job.ts'
export * from './records/kept-trace.ts'
export * from './records/message.ts'
export * from './records/order.ts'
export * from './records/owner-row.ts'
export * from './records/policy.ts'
export * from './records/process.ts'
export * from './records/received.ts'
export * from './records/verdict.ts'
export * from './room-before.ts'
export * from './slab.ts'
export * from './topics.ts'
