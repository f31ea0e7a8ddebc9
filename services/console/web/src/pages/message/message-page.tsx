/** One message: how it ended, and its life from the connection to the last attempt. */
import type { MessageRecord } from '@sallyport/contracts'
import { Link, useParams } from 'react-router'
import { useAsked } from '../../client/use-asked.ts'
import { bytes } from '../../format/numbers.ts'
import { Badge } from '../../parts/badge.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Loaded } from '../../parts/notices.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { Panel } from '../../parts/panel.tsx'
import { statusMeanings, statusTones } from '../../parts/tone.ts'
import { ContentPanel } from './content-panel.tsx'
import styles from './message-page.module.css'
import { RecipientList } from './recipient-list.tsx'
import { timelineOf } from './timeline.ts'
import { TimelineView } from './timeline-view.tsx'

const settledStatuses: readonly MessageRecord['status'][] = ['refused', 'delivered', 'failed']

export function MessagePage() {
  const { id = '' } = useParams()
  const asked = useAsked('getMessage', { params: { id } }, { everyMs: 5000 })
  return (
    <>
      <PageHead
        title={asked.data?.envelope?.subject || 'Message'}
        back={{ to: '/messages', name: 'Messages' }}
        note={<span className="mono">{id}</span>}
      />
      <Loaded query={asked}>
        {(record) => (
          <div className={styles.page}>
            <div>
              <Panel title="What happened" note="from the connection to the last attempt">
                <TimelineView steps={timelineOf(record)} />
              </Panel>
            </div>
            <div>
              <Facts record={record} />
              {record.recipients.length > 0 && (
                <Panel title="Recipients">
                  <RecipientList recipients={record.recipients} />
                </Panel>
              )}
              <ContentPanel key={record.id} id={record.id} isGone={settledStatuses.includes(record.status)} />
            </div>
          </div>
        )}
      </Loaded>
    </>
  )
}

function Facts({
  record: { status, application, envelope, firstSeenAt, reply, traceparent, traceUrl },
}: {
  readonly record: MessageRecord
}) {
  return (
    <Panel title="Message" action={<Badge tone={statusTones[status]}>{status}</Badge>}>
      <p className={styles.meaning}>{statusMeanings[status]}</p>
      <dl className={styles.facts}>
        <dt>Application</dt>
        <dd>
          <Link to={`/applications/${application}`}>{application}</Link>
        </dd>
        <dt>Received</dt>
        <dd>
          <Moment at={firstSeenAt} />
        </dd>
        {envelope && (
          <>
            <dt>Envelope sender</dt>
            <dd>{envelope.sender || '<>'}</dd>
            <dt>Header From</dt>
            <dd>{envelope.headerFrom.join(', ') || '–'}</dd>
            <dt>Size</dt>
            <dd>{bytes(envelope.contentBytes)}</dd>
            {envelope.messageId && (
              <>
                <dt>Message-ID</dt>
                <dd className="mono">{envelope.messageId}</dd>
              </>
            )}
          </>
        )}
        {reply && (
          <>
            <dt>Reply</dt>
            <dd className="mono">{reply}</dd>
          </>
        )}
        <dt>Trace</dt>
        <dd className="mono">
          {traceUrl ? (
            <a href={traceUrl} target="_blank" rel="noreferrer">
              {traceparent.split('-')[1]}
            </a>
          ) : (
            (traceparent.split('-')[1] ?? '–')
          )}
        </dd>
      </dl>
    </Panel>
  )
}
