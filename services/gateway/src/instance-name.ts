/** The name of this process among all of the gateway. */
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'

/** Unique, also after a restart. */
export const instanceName = (): string => `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`
