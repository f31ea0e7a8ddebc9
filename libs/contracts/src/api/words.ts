/** Words that several answers and questions of the API share. */
import Type from 'typebox'

/** The last moment that a date can name (ECMA-262 §21.4.1.1). */
const lastMs = 8_640_000_000_000_000

export const strict = { additionalProperties: false } as const

export const timeSchema = (description: string) =>
  Type.Integer({ minimum: 0, maximum: lastMs, description: `${description}, ms since the epoch` })
export const orNull = <S extends Type.TSchema>(schema: S) => Type.Union([schema, Type.Null()])
export const countSchema = (description: string) => Type.Integer({ minimum: 0, description })

export const nameSchema = (description: string) => Type.String({ minLength: 1, maxLength: 200, description })
export const reasonTextSchema = Type.String({
  minLength: 1,
  maxLength: 1000,
  pattern: '\\S',
  description: 'why, for the record that is kept of every change',
})

export const pageQuery = (maximum: number, fallback: number) => ({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum, default: fallback })),
  cursor: Type.Optional(Type.String({ maxLength: 500, description: '`next` of the page before' })),
})
export const nextSchema = orNull(Type.String({ description: 'the cursor of the next page; null at the end' }))

export const idParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100, description: 'UUID of the message' }) })
