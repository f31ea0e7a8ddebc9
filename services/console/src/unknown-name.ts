/** The error for a name that nothing has, with the one that may be meant. */
import { SallyportError } from '@sallyport/contracts'
import { type CompiledPolicy, closestWord } from '@sallyport/policy'

const maxShown = 10

/** NOT_FOUND. `what` is such as `application`, `names` all that there are. */
export function unknownName(what: string, name: string, names: readonly string[]): SallyportError {
  const meant = closestWord(name, names)
  const shown = names.length === 0 ? 'none' : names.slice(0, maxShown).join(', ')
  const known = meant === undefined ? `known are ${shown}${names.length > maxShown ? ' and more' : ''}` : `did you mean "${meant}"?`
  return new SallyportError('NOT_FOUND', `there is no ${what} "${name}": ${known}`)
}

export const unknownApplication = ({ document }: CompiledPolicy, asked: string): SallyportError =>
  unknownName(
    'application',
    asked,
    document.applications.map(({ name }) => name),
  )
