/** Completion and explanation of what is under the cursor, out of the schema. */
import { autocompletion, type Completion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete'
import type { Extension } from '@codemirror/state'
import { hoverTooltip } from '@codemirror/view'
import { type JsonSchema, keysAt, meaningAt, valuesAt } from './schema-walk.ts'
import { pathAt, placeOf } from './yaml-place.ts'

/** `schema` is asked each time: it may come after the editor. */
export function schemaHelp(schema: () => JsonSchema | undefined): Extension {
  return [
    autocompletion({ override: [(context) => complete(context, schema())], icons: false }),
    hoverTooltip((view, at) => {
      const known = schema()
      const path = known && pathAt(view.state.doc.toString(), at)
      const text = known && path && path.length > 0 ? meaningAt(known, path) : undefined
      if (text === undefined) return null
      return {
        pos: at,
        create() {
          const dom = document.createElement('div')
          dom.className = 'cm-meaning'
          dom.textContent = text
          return { dom }
        },
      }
    }),
  ]
}

export function complete(context: CompletionContext, schema: JsonSchema | undefined): CompletionResult | null {
  const word = context.matchBefore(/[\w.@*-]*/)
  if (!schema || !word || (word.from === word.to && !context.explicit)) return null
  const place = placeOf(context.state.doc.toString(), word.from, word.to)
  if (!place) return null
  const options: Completion[] = [
    ...(place.kind === 'value' ? valuesAt(schema, place.path).map((label): Completion => ({ label, type: 'enum' })) : []),
    ...keysAt(schema, place.path, place.present).map(
      ({ key, description, isRequired }): Completion => ({
        label: key,
        apply: `${key}: `,
        type: 'property',
        info: description,
        ...(isRequired ? { detail: 'required', boost: 1 } : {}),
      }),
    ),
  ]
  return options.length === 0 ? null : { from: word.from, options, validFor: /^[\w.@*-]*$/ }
}
