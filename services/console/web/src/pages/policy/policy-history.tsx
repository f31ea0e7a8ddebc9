/** Who changed what, when and why; and the way back. */
import { Button } from '@mantine/core'
import type { PolicyRevisions } from '@sallyport/contracts'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useSession } from '../../app/session.tsx'
import { useAsked } from '../../client/use-asked.ts'
import { ChangeList } from '../../parts/change-list.tsx'
import { Moment } from '../../parts/moment.tsx'
import { EmptyState, Loaded } from '../../parts/notices.tsx'
import { type Doing, ReasonDialog } from '../../parts/reason-dialog.tsx'
import { useNotice } from '../../parts/toast.tsx'
import styles from './policy-page.module.css'
import { useRevisions } from './use-revisions.ts'

type Revision = PolicyRevisions['revisions'][number]

export function PolicyHistory({ etag }: { readonly etag: string }) {
  const { client, session, may } = useSession()
  const queries = useQueryClient()
  const say = useNotice()
  const asked = useRevisions()
  const [open, setOpen] = useState<number>()
  const [doing, setDoing] = useState<Doing>()
  const mayRoll = may('admin') && session.policySource === 'api'

  function rollBack({ revision }: Revision, newest: number): void {
    setDoing({
      title: `Roll back to revision ${revision}?`,
      text: (
        <>
          <p>
            Its document becomes the policy again, as a new revision. Mail is judged by it from the next message on, and nothing is
            restarted. This changes:
          </p>
          <Changes from={newest} to={revision} />
        </>
      ),
      verb: 'Roll back',
      size: 'xl',
      async run(reason) {
        const { body } = await client.ask('rollbackPolicy', { body: { revision, reason }, ifMatch: etag })
        await queries.invalidateQueries()
        say(`Revision ${body.revision} holds: the document of revision ${revision}.`)
      },
    })
  }

  return (
    <Loaded query={asked}>
      {({ revisions }) => {
        const newest = revisions[0]?.revision ?? 0
        if (revisions.length === 0) {
          return (
            <EmptyState icon="policy" title="No policy yet">
              Write one in the editor, or apply a file:{' '}
              <pre>npm run sallyport -- apply policy.yaml --reason "our applications"</pre>
            </EmptyState>
          )
        }
        return (
          <>
            <ol className={styles.history}>
              {revisions.map((one, index) => {
                const before = revisions[index + 1]
                const isOpen = open === one.revision
                return (
                  <li key={one.revision}>
                    <div className={styles.revision}>
                      <strong>Revision {one.revision}</strong>
                      <span className={styles.soft}>
                        {one.author}, <Moment at={one.at} />
                      </span>
                      <span className={styles.buttons}>
                        {before && (
                          <Button
                            size="xs"
                            variant="default"
                            aria-expanded={isOpen}
                            onClick={() => setOpen(isOpen ? undefined : one.revision)}
                          >
                            {isOpen ? 'Hide changes' : 'Show changes'}
                          </Button>
                        )}
                        {mayRoll && index > 0 && (
                          <Button size="xs" variant="default" onClick={() => rollBack(one, newest)}>
                            Roll back to it
                          </Button>
                        )}
                      </span>
                    </div>
                    <p>{one.reason || <span className={styles.soft}>no reason given</span>}</p>
                    {isOpen && before && <Changes from={before.revision} to={one.revision} />}
                  </li>
                )
              })}
            </ol>
            <ReasonDialog doing={doing} close={() => setDoing(undefined)} />
          </>
        )
      }}
    </Loaded>
  )
}

function Changes({ from, to }: { readonly from: number; readonly to: number }) {
  const asked = useAsked('diffRevisions', { query: { from, to } }, { everyMs: 600_000 })
  return <Loaded query={asked}>{({ changes }) => <ChangeList changes={changes} />}</Loaded>
}
