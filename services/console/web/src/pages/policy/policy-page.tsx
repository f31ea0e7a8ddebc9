/** The policy: an editor that checks while one types, and the history that takes everything back. */
import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router'
import { useSession } from '../../app/session.tsx'
import { Loaded } from '../../parts/notices.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { Panel } from '../../parts/panel.tsx'
import { PolicyEditor } from './policy-editor.tsx'
import { PolicyHistory } from './policy-history.tsx'
import { useRevisions } from './use-revisions.ts'

export function PolicyPage() {
  const { client } = useSession()
  const [search, setSearch] = useSearchParams()
  const current = useQuery({
    queryKey: ['getPolicy'],
    queryFn: async ({ signal }) => {
      const { text, etag } = await client.text('getPolicy', { accept: 'application/yaml', signal })
      return { text, etag: etag ?? '' }
    },
    refetchInterval: 30_000,
  })
  const revisions = useRevisions()
  const newest = revisions.data?.revisions[0]
  return (
    <>
      <PageHead
        title="Policy"
        note={newest && `Revision ${newest.revision}, by ${newest.author}${newest.reason ? `: ${newest.reason}` : ''}`}
      />
      <Tabs
        value={search.get('tab') === 'history' ? 'history' : 'edit'}
        onChange={(tab) => setSearch(tab === 'history' ? { tab } : {}, { replace: true })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="edit">Edit</Tabs.Tab>
          <Tabs.Tab value="history">History</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="edit">
          <Loaded query={current}>{({ text, etag }) => <PolicyEditor current={text} etag={etag} />}</Loaded>
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <Panel title="Revisions" note="the newest first">
            <PolicyHistory etag={current.data?.etag ?? ''} />
          </Panel>
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
