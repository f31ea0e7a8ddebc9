/** The few forms that every part of the policy's schema is made of. */
import Type from 'typebox'

/** Unknown keys are faults. */
export const strict = { additionalProperties: false } as const

/** One of a few words. */
export const choice = <const Words extends string[]>(
  words: readonly [...Words],
  description: string,
  options: { readonly default?: Words[number] } = {},
) => Type.Enum([...words], { description, ...options })

export const namePattern = '^[a-z0-9][a-z0-9._-]{0,63}$'

/** The name of an application, a directory or a route, where it is declared. */
export const nameSchema = (description: string) => Type.String({ pattern: namePattern, examples: ['billing'], description })

/** Secrets stand in the policy by name only. */
export const secretSchema = (description: string) =>
  Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$', examples: ['billing-password'], description })

/** A whole number and one of m, h, d. */
export const durationSchema = (description: string, fallback: string) =>
  Type.String({ pattern: '^[1-9][0-9]{0,5}(m|h|d)$', examples: [fallback], description, default: fallback })
