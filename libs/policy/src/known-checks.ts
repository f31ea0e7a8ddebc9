/** The checks that come with the gateway. Others may be added, so an unknown name is a warning and no fault. */
export const knownChecks = ['address', 'domain', 'spam', 'throttle'] as const

/** Watch first: these two are `monitor` where the policy does not name them. */
export const watchedByDefault: readonly string[] = ['address', 'domain']
