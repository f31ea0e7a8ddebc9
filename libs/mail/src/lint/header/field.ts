/** Fields of the header under lint. */
import type { HeaderField } from '../../header/header-block.ts'
import type { LintInput } from '../port.ts'

const none: readonly HeaderField[] = []

/** Every field of this lower-case name, in order. */
export const fieldsOf = (input: LintInput, lowerName: string): readonly HeaderField[] => input.fields.get(lowerName) ?? none

/** The value of the first such field; undefined where there is none. */
export const firstValue = (input: LintInput, lowerName: string): string | undefined => input.fields.get(lowerName)?.[0]?.value

export const hasField = (input: LintInput, lowerName: string): boolean => input.fields.has(lowerName)
