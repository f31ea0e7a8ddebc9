/** The role `address-check`: may the application send as this very address? */
import { type CheckerPorts, startChecker } from '@sallyport/checker'
import type { RunningRole } from '@sallyport/runtime'
import { Value } from 'typebox/value'
import { addressChecker } from './check.ts'
import { type AddressCheckSettings, addressCheckSettingsSchema } from './config.ts'
import { openDirectories } from './directory/directories.ts'

export { type AddressCheckSettings, addressCheckSettingsSchema } from './config.ts'

/**
 * Resolves when every directory of the policy was read, or could not be, and the group is joined: no message is judged before.
 * Fails with BUS_CLOSED, or where a setting does not fit. A directory that cannot be read does not fail it.
 */
export async function startAddressCheck(ports: CheckerPorts, settings: Partial<AddressCheckSettings> = {}): Promise<RunningRole> {
  const { directoryFolder, pollMs, ...rest } = Value.Parse(
    addressCheckSettingsSchema,
    Value.Default(addressCheckSettingsSchema, { ...settings }),
  )
  const directories = openDirectories(ports, { folder: directoryFolder, pollMs })
  await directories.settled()
  try {
    return await startChecker(addressChecker(directories), ports, rest)
  } catch (error) {
    await directories.stop()
    throw error
  }
}
