/** What the commands are, for who asks and for who erred. */
import type { Command } from './command.ts'

type Commands = Readonly<Record<string, Command>>

/** Those that the first of these words begins, or the one that the first two are: of `queue pauze` all of `queue`. */
export function meantCommands(commands: Commands, [first = '', second]: readonly string[]): readonly Command[] {
  const exact = commands[`${first} ${second}`]
  if (exact !== undefined) return [exact]
  return Object.entries(commands).flatMap(([name, command]) => (name.split(' ')[0] === first ? [command] : []))
}

/** A line for each. */
export function usageLines(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ usage }) => usage.length))
  return commands.map(({ usage, about }) => `  ${usage.padEnd(width)}  ${about}`).join('\n')
}
