/** The form in which addresses are compared. */

/** `ignore`: User@ and user@ are the same address. */
export type LocalPartCase = 'ignore' | 'keep'

/** `localPart` as `parseMailbox` gives it (NFC, quoted only where it must be), `aDomain` in lower-case A-labels. */
export const addressKey = (localPart: string, aDomain: string, localPartCase: LocalPartCase): string =>
  `${localPartCase === 'ignore' ? localPart.toLowerCase().normalize('NFC') : localPart}@${aDomain}`
