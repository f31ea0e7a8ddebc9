/** The methods that the operations of a path take. */
import { type Operation, operations } from '@sallyport/contracts'

const all: readonly Operation[] = Object.values(operations)
const places = all.map(({ method, path }) => ({ method, pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`) }))

/** Empty where there is no such path. */
export const allowedMethods = (path: string): string[] => [
  ...new Set(places.flatMap(({ method, pattern }) => (pattern.test(path) ? [method] : []))),
]
