/** A value in a document that may have any shape, and where it stands: the rules look at what is there and skip the rest. */
import type { Path } from './fault.ts'

export interface Place {
  readonly value: unknown
  readonly path: Path
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value below a key; a place with `undefined` where there is none. */
export function below(place: Place, ...keys: readonly string[]): Place {
  return keys.reduce<Place>(({ value, path }, key) => {
    return { value: isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined, path: [...path, key] }
  }, place)
}

/** The items of a list; none where it is no list. */
export function items({ value, path }: Place): readonly Place[] {
  return Array.isArray(value) ? value.map((item: unknown, index) => ({ value: item, path: [...path, index] })) : []
}

/** The entries of a block of keys; none where it is no such block. */
export function entries({ value, path }: Place): readonly (readonly [string, Place])[] {
  if (!isRecord(value)) return []
  return Object.entries(value).map(([key, item]) => [key, { value: item, path: [...path, key] }] as const)
}

export const text = ({ value }: Place): string | undefined => (typeof value === 'string' ? value : undefined)

export const number = ({ value }: Place): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined

export const isPresent = ({ value }: Place): boolean => value !== undefined && value !== null

export interface TextPlace {
  readonly text: string
  readonly path: Path
}

/** The items of a list that are texts. */
export function texts(place: Place): readonly TextPlace[] {
  return items(place).flatMap(({ value, path }) => (typeof value === 'string' ? [{ text: value, path }] : []))
}

/** A text, or a list of texts, or nothing. */
export function textOrTexts(place: Place): readonly TextPlace[] {
  return typeof place.value === 'string' ? [{ text: place.value, path: place.path }] : texts(place)
}
