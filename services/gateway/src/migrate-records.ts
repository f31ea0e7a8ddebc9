/** `--migrate`: what the console would do at its start, done by itself, before the consoles of a new version come. */
import { SallyportError } from '@sallyport/contracts'
import { secretFiles } from '@sallyport/runtime'
import { postgresOpener } from './records-settings.ts'
import type { GatewaySettings } from './settings.ts'

/**
 * Makes and updates the tables of the records in PostgreSQL; one process at a time, and a repeat changes nothing. Fails with
 * CONFIG_INVALID where the records are in a file of the console, which makes it itself, with SECRET_MISSING, or as the store does.
 */
export async function migrateRecords({ records, secrets }: Pick<GatewaySettings, 'records' | 'secrets'>): Promise<void> {
  if (records.postgres === undefined) throw noServer()
  const open = await postgresOpener(records.postgres, secretFiles(secrets))
  const opened = await open()
  await opened.close()
}

const noServer = (): SallyportError =>
  new SallyportError(
    'CONFIG_INVALID',
    'nothing is to be migrated: records.postgres is not set, and a console makes its own file at its start. Leave --migrate out',
  )
