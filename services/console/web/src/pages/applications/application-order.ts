/** Which application needs somebody first. */
import type { Applications } from '@sallyport/contracts'

type Row = Applications['applications'][number]

export const violationsOf = ({ violations }: Pick<Row, 'violations'>): number =>
  Object.values(violations).reduce((sum, messages) => sum + messages, 0)

/** The most violations first, then by name. */
export const byViolations = (a: Row, b: Row): number => violationsOf(b) - violationsOf(a) || a.name.localeCompare(b.name)
