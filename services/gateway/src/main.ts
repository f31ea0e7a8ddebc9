/** The program: settings, start, one `ready` line, and a drain on SIGTERM or SIGINT. */
import process from 'node:process'
import { SallyportError } from '@sallyport/contracts'
import { settingsFrom } from './command-line.ts'
import { startGateway } from './start-gateway.ts'

try {
  const gateway = await startGateway(settingsFrom(process.argv.slice(2), process.env))
  const stop = (): void => {
    process.removeAllListeners('SIGTERM').removeAllListeners('SIGINT')
    gateway.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
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
