/** `sallyport`: the command line of the gateway, which talks to the console's API. */
import { userInfo } from 'node:os'
import process from 'node:process'
import { printTo } from './print.ts'
import { run } from './run.ts'

// Who reads the output may stop early, as `head` does.
process.stdout.on('error', () => process.exit())

process.exitCode = await run(process.argv.slice(2), {
  environment: process.env,
  author: authorName(),
  print: printTo(process.stdout, process.stderr),
})

function authorName(): string {
  try {
    return userInfo().username
  } catch {
    return 'cli'
  }
}
