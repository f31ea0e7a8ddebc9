/** `sallyport`: the command line of the gateway, which talks to the console's API. */
import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import process from 'node:process'
import { printTo } from './print.ts'
import { run } from './run.ts'

// Who reads the output may stop early, as `head` does.
process.stdout.on('error', () => process.exit())

process.exitCode = await run(process.argv.slice(2), {
  environment: { SALLYPORT_TOKEN: tokenBeside(), ...process.env },
  author: authorName(),
  print: printTo(process.stdout, process.stderr),
})

/** Who started the gateway here may use it here: its token, unless another gateway is named. */
function tokenBeside(): string | undefined {
  if (process.env.SALLYPORT_URL) return undefined
  try {
    return readFileSync('data/console-token', 'utf8').trim()
  } catch {
    return undefined
  }
}

function authorName(): string {
  try {
    return userInfo().username
  } catch {
    return 'cli'
  }
}
