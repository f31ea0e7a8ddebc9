/** Every flag of every command: its type, and what it takes. */
export const flagTable = {
  json: { type: 'boolean', takes: '' },
  revisions: { type: 'boolean', takes: '' },
  apply: { type: 'boolean', takes: '' },
  reason: { type: 'string', takes: 'TEXT' },
  application: { type: 'string', takes: 'NAME' },
  'if-revision': { type: 'string', takes: 'N' },
  from: { type: 'string', takes: 'ADDRESS' },
  to: { type: 'string', takes: 'ADDRESS' },
  subject: { type: 'string', takes: 'TEXT' },
  server: { type: 'string', takes: 'HOST:PORT' },
  auth: { type: 'string', takes: 'USER' },
  certificate: { type: 'string', takes: 'NAME' },
  sender: { type: 'string', takes: 'ADDRESS' },
  by: { type: 'string', takes: 'KEYS' },
  check: { type: 'string', takes: 'NAME' },
  since: { type: 'string', takes: 'TIME' },
  step: { type: 'string', takes: 'hour|day' },
  destination: { type: 'string', takes: 'ROUTE' },
  message: { type: 'string', takes: 'ID' },
  for: { type: 'string', takes: 'DURATION' },
  roles: { type: 'string', takes: 'ROLES' },
} as const satisfies Readonly<Record<string, { readonly type: 'boolean' | 'string'; readonly takes: string }>>

export type FlagName = keyof typeof flagTable
type NameOf<T> = { [N in FlagName]: (typeof flagTable)[N]['type'] extends T ? N : never }[FlagName]

/** Those that were given. */
export type Flags = { readonly [N in NameOf<'boolean'>]?: boolean | undefined } & {
  readonly [N in NameOf<'string'>]?: string | undefined
}
