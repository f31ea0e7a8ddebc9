/** The program: settings, start, one `ready` line, and a drain on SIGTERM or SIGINT; with `--migrate` it only updates tables and ends. */
import process from 'node:process'
import { SallyportError } from '@sallyport/contracts'
import { commandFrom } from './command-line.ts'
import { migrateRecords } from './migrate-records.ts'
import { startGateway } from './start-gateway.ts'

try {
  const { settings, isMigration, ignored } = commandFrom(process.argv.slice(2), process.env)
  if (isMigration) {
    await migrateRecords(settings)
    process.stdout.write('migrated\n')
    process.exit(0)
  }
  const gateway = await startGateway(settings, ignored)
  const stop = (): void => {
    process.removeAllListeners('SIGTERM').removeAllListeners('SIGINT')
    gateway.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGUSR2', () => gateway.toggleDebug())
  // Before the line: whoever reads it may stop the program at once.
  process.once('SIGTERM', stop).once('SIGINT', stop)
  process.stdout.write(
    `ready ${Object.entries(gateway.addresses)
      .map(([name, address]) => `${name}=${address}`)
      .join(' ')}\n`,
  )
} catch (error) {
  const text = error instanceof SallyportError ? error.message : error instanceof Error ? error.stack : String(error)
  process.stderr.write(`sallyport did not start: ${text}\n`)
  process.exit(error instanceof SallyportError && error.code === 'CONFIG_INVALID' ? 2 : 1)
}
