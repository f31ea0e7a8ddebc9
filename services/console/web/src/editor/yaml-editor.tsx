/** A YAML editor that knows the schema. It lives in a shadow tree, whose style sheets need no element of style. */
import { closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from '@codemirror/language'
import { forceLinting, linter, lintGutter, lintKeymap } from '@codemirror/lint'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { EditorState, type Extension } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import type { PolicyChecked } from '@sallyport/contracts'
import { useEffect, useRef } from 'react'
import { editorTheme } from './editor-theme.ts'
import { faultMarks } from './fault-marks.ts'
import { schemaHelp } from './schema-help.ts'
import type { JsonSchema } from './schema-walk.ts'
import styles from './yaml-editor.module.css'

export interface YamlEditorProps {
  /** What it begins with; later values are the editor's own. Give it another `key` to begin anew. */
  readonly text: string
  readonly label: string
  readonly schema: JsonSchema | undefined
  readonly isReadOnly?: boolean
  readonly change: (text: string) => void
  /** Judges the text when typing pauses; undefined where it cannot just now. */
  readonly check: (text: string) => Promise<PolicyChecked | undefined>
}

const pauseMs = 500

export function YamlEditor(props: YamlEditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const latest = useRef(props)
  latest.current = props
  // Begun once, with the text of then; the rest is read through `latest`.
  useEffect(() => {
    if (!host.current) return
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' })
    const { text, label, isReadOnly = false } = latest.current
    const view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: text,
        extensions: [
          ...editing(isReadOnly),
          schemaHelp(() => latest.current.schema),
          linter(
            async ({ state }) => {
              const checked = await latest.current.check(state.doc.toString())
              return checked ? faultMarks(state.doc.toString(), checked) : []
            },
            { delay: pauseMs },
          ),
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          EditorView.updateListener.of(({ docChanged, state }) => {
            if (docChanged) latest.current.change(state.doc.toString())
          }),
        ],
      }),
    })
    forceLinting(view)
    return () => view.destroy()
  }, [])
  return <div ref={host} className={styles.editor} />
}

/** Tab leaves the editor, as it leaves every other field. */
const editing = (isReadOnly: boolean): readonly Extension[] => [
  lineNumbers(),
  foldGutter(),
  lintGutter(),
  history(),
  drawSelection(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  highlightActiveLine(),
  highlightSelectionMatches(),
  yaml(),
  editorTheme,
  EditorState.readOnly.of(isReadOnly),
  EditorState.tabSize.of(2),
  keymap.of([
    ...closeBracketsKeymap,
    ...defaultKeymap,
    ...searchKeymap,
    ...historyKeymap,
    ...foldKeymap,
    ...completionKeymap,
    ...lintKeymap,
  ]),
]
