/** The message itself, on demand: reading it needs an operator and is written down. */
import { Button, Tabs } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useSession } from '../../app/session.tsx'
import { EmptyState, ProblemNotice } from '../../parts/notices.tsx'
import { Panel } from '../../parts/panel.tsx'
import styles from './content-panel.module.css'
import { type Preview, previewOf } from './preview.ts'
import { PreviewFrame } from './preview-frame.tsx'

export function ContentPanel({ id, isGone }: { readonly id: string; readonly isGone: boolean }) {
  const { client, may } = useSession()
  const [shown, setShown] = useState<{ readonly source: string; readonly preview: Preview }>()
  const reading = useMutation({
    mutationFn: async () => {
      const { text } = await client.text('getContent', { params: { id }, accept: 'message/rfc822' })
      setShown({ source: text, preview: await previewOf(text) })
    },
  })
  if (!may('operator')) {
    return (
      <Panel title="Content">
        <p className={styles.soft}>The content of messages is shown to operators. Your token is of a viewer.</p>
      </Panel>
    )
  }
  if (!shown) {
    return (
      <Panel title="Content">
        {reading.isError && <ProblemNotice error={reading.error} />}
        {isGone ? (
          <EmptyState icon="messages" title="Not kept">
            The gateway keeps the content until a message is delivered or refused, not longer.
          </EmptyState>
        ) : (
          <>
            <p className={styles.soft}>Whoever reads the content of a message is named in the audit log.</p>
            <Button variant="default" onClick={() => reading.mutate()} loading={reading.isPending}>
              Show the content
            </Button>
          </>
        )}
      </Panel>
    )
  }
  return (
    <Panel title="Content" note="nothing of it is loaded from elsewhere, no script of it runs">
      <Tabs defaultValue="preview">
        <Tabs.List>
          <Tabs.Tab value="preview">Preview</Tabs.Tab>
          <Tabs.Tab value="source">Source</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="preview" pt="sm">
          <PreviewFrame preview={shown.preview} />
        </Tabs.Panel>
        <Tabs.Panel value="source" pt="sm">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard must be able to scroll it */}
          <pre className={styles.source} tabIndex={0}>
            {shown.source}
          </pre>
        </Tabs.Panel>
      </Tabs>
    </Panel>
  )
}
