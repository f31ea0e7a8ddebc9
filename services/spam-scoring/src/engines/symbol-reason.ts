/** A rule of an engine as a reason. */
import type { Reason } from '@sallyport/contracts'

/** As many are told of one engine. */
export const maxEngineReasons = 10

export interface EngineSymbol {
  readonly kind: string
  /** As configured; said where it is not the kind. */
  readonly engine: string
  readonly symbol: string
  /** In the engine's own points. */
  readonly points: number
  readonly description: string | undefined
  readonly options: readonly string[] | undefined
}

/** Its rule is `spam.<kind>.<symbol>`, as people look it up in the engine's documentation. */
export function symbolReason({ kind, engine, symbol, points, description, options = [] }: EngineSymbol): Reason {
  const known = symbol.replace(/[^\w.-]/g, '_').slice(0, 64)
  const seen = options.slice(0, 3).map((option) => option.slice(0, 100))
  return {
    rule: `spam.${kind}.${known}`,
    text: `${engine}: ${(description ?? known).slice(0, 200)}`,
    evidence: { engine, points, ...(seen.length > 0 ? { seen } : {}) },
  }
}
