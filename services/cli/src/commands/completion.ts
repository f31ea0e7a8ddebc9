/** `sallyport completion SHELL`: what completes commands and flags in bash, zsh or fish. */
import type { Command } from '../command.ts'
import { exitCodes, Stop } from '../exit.ts'
import { flagTable } from '../flags.ts'

type Commands = Readonly<Record<string, Command>>

/** `all` is asked when it runs, since it is one of them. */
export const completion = (all: () => Commands): Command => ({
  usage: 'completion bash|zsh|fish',
  about: 'print what completes commands and flags, for example: source <(sallyport completion bash)',
  words: 1,
  flags: [],
  async run({ print, words: [shell = ''] }) {
    switch (shell) {
      case 'bash':
        print.raw(bash(all()))
        break
      case 'zsh':
        print.raw(`#compdef sallyport\nautoload -U +X bashcompinit && bashcompinit\n${bash(all())}`)
        break
      case 'fish':
        print.raw(fish(all()))
        break
      default:
        throw new Stop(exitCodes.usage, `there is no completion for "${shell}": bash, zsh and fish are known`)
    }
    return exitCodes.ok
  },
})

const flagsOf = ({ flags }: Command): string => ['help', ...flags].map((name) => `--${name}`).join(' ')
const takesFile = ({ usage }: Command): boolean => /\b(FILE|FOLDER)\b/.test(usage)

function bash(commands: Commands): string {
  const names = Object.keys(commands)
  const firsts = [...new Set(names.map((name) => name.split(' ')[0] ?? ''))]
  const seconds = (first: string): string[] =>
    names.flatMap((name) => (name.startsWith(`${first} `) ? [name.slice(first.length + 1)] : []))
  const cases = names.map((name) => {
    const command = commands[name]
    return command ? `    '${name}') flags='${flagsOf(command)}'; files=${takesFile(command) ? 1 : 0} ;;` : ''
  })
  const groups = firsts.filter((first) => seconds(first).length > 0)
  return `_sallyport() {
  local cur=\${COMP_WORDS[COMP_CWORD]} first=\${COMP_WORDS[1]} command=\${COMP_WORDS[1]} flags='--help' files=0
  case "$first" in
${groups.map((first) => `    ${first}) case "\${COMP_WORDS[2]}" in ${seconds(first).join('|')}) command="$first \${COMP_WORDS[2]}" ;; esac ;;`).join('\n')}
  esac
  case "$command" in
${cases.join('\n')}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W '${firsts.join(' ')} help' -- "$cur")); return; fi
  case "$cur" in -*) COMPREPLY=($(compgen -W "$flags" -- "$cur")); return ;; esac
  if [ "$COMP_CWORD" -eq 2 ]; then
    case "$first" in
${groups.map((first) => `      ${first}) COMPREPLY=($(compgen -W '${seconds(first).join(' ')}' -- "$cur")); return ;;`).join('\n')}
      completion) COMPREPLY=($(compgen -W 'bash zsh fish' -- "$cur")); return ;;
    esac
  fi
  if [ "$files" -eq 1 ]; then COMPREPLY=($(compgen -f -- "$cur")); fi
}
complete -F _sallyport sallyport
`
}

function fish(commands: Commands): string {
  const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`
  const lines = ['complete -c sallyport -f']
  for (const [name, command] of Object.entries(commands)) {
    const [first = '', second] = name.split(' ')
    const about = quoted(command.about)
    if (second === undefined) lines.push(`complete -c sallyport -n __fish_use_subcommand -a ${first} -d ${about}`)
    else lines.push(`complete -c sallyport -n '__fish_seen_subcommand_from ${first}' -a ${second} -d ${about}`)
    const seen =
      second === undefined
        ? `__fish_seen_subcommand_from ${first}`
        : `__fish_seen_subcommand_from ${first}; and __fish_seen_subcommand_from ${second}`
    for (const flag of command.flags) {
      lines.push(`complete -c sallyport -n '${seen}' -l ${flag}${flagTable[flag].type === 'string' ? ' -r' : ''}`)
    }
    if (takesFile(command)) lines.push(`complete -c sallyport -n '${seen}' -F`)
  }
  return `${[...new Set(lines)].join('\n')}\n`
}
