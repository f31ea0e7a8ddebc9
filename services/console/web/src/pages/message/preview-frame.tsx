/** Shows HTML of a stranger in a frame of its own origin, that loads nothing, sends nothing and leads nowhere. */
import { useRef } from 'react'
import styles from './content-panel.module.css'
import type { Preview } from './preview.ts'

export function PreviewFrame({ preview: { html, text, attachments } }: { readonly preview: Preview }) {
  const frame = useRef<HTMLIFrameElement>(null)
  return (
    <>
      {html === undefined ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard must be able to scroll it
        <pre className={styles.text} tabIndex={0}>
          {text || '(nothing to read in it)'}
        </pre>
      ) : (
        <iframe
          ref={frame}
          title="The message as its reader sees it, without remote content"
          className={styles.frame}
          // Its scripts are those of preview.html alone: what that page may do stands in the headers it is served with.
          sandbox="allow-scripts"
          src="/preview.html"
          onLoad={() => frame.current?.contentWindow?.postMessage({ html }, '*')}
        />
      )}
      {attachments.length > 0 && (
        <ul className={styles.attachments} aria-label="Attachments">
          {attachments.map((attachment) => (
            <li key={attachment}>{attachment}</li>
          ))}
        </ul>
      )}
    </>
  )
}
