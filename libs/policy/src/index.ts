export { closestWord } from './closest-word.ts'
export { compilePolicy } from './compile.ts'
export * from './compiled.ts'
export { decide, isOnlyAWait, policyCheck } from './decide.ts'
export { diffPolicy, type PolicyChange } from './diff.ts'
export * from './document.ts'
export * from './domain-matcher.ts'
export * from './domain-name.ts'
export { type Fault, formatFault } from './fault.ts'
export { knownChecks } from './known-checks.ts'
export {
  burstReachedReply,
  countedText,
  limitReachedReply,
  limitReachedRule,
  limitReachedText,
  momentText,
  type ReachedLimit,
} from './limit-reached.ts'
export { type AddressParts, parseAddressPattern, parseMailAddress } from './mail-address.ts'
export { isAnybody, parseNetwork } from './network.ts'
export { parsePolicy } from './parse.ts'
export { replyLine, type SmtpReply, smtpReplyFor } from './reply.ts'
export { reserveAheadMs } from './reserve-ahead.ts'
export { schemaDocument } from './schema-document.ts'
export { type LimitOwners, limitText, limitValues, type Owner, type ThrottleLimit, throttleLimits } from './throttle-limits.ts'
export { type CheckedPolicy, validatePolicy } from './validate.ts'
export * from './verified-sender.ts'
