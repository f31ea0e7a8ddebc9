/** `npm run train -- --ham PATH --spam PATH --out FILE` */
import { trainCommand } from './command.ts'

try {
  process.exitCode = trainCommand(process.argv.slice(2), (text) => process.stderr.write(text))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
