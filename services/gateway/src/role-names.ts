/** Every role, in the order in which they start: what is asked stands before what asks. */
export const roleNames = [
  'console',
  'domain-check',
  'address-check',
  'spam-scoring',
  'throttle',
  'verdict',
  'delivery',
  'ingress',
] as const
export type RoleName = (typeof roleNames)[number]

export const isRoleName = (word: unknown): word is RoleName => roleNames.some((name) => name === word)
