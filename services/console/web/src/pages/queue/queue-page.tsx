/** What was accepted and waits for delivery: by destination, how old, what the next hop said, and what can be done. */
import type { Queue } from '@sallyport/contracts'
import { useState } from 'react'
import { useSession } from '../../app/session.tsx'
import { useAsked } from '../../client/use-asked.ts'
import { count, counted } from '../../format/numbers.ts'
import { duration } from '../../format/times.ts'
import { EmptyState, Loaded } from '../../parts/notices.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { Figure, Figures, Panel } from '../../parts/panel.tsx'
import { ReasonDialog } from '../../parts/reason-dialog.tsx'
import { DestinationCard } from './destination-card.tsx'
import { Orders } from './orders.tsx'
import styles from './queue-page.module.css'
import { useQueueCommands } from './use-queue-commands.tsx'
import { WaitingMessages } from './waiting-messages.tsx'

export function QueuePage() {
  const { may } = useSession()
  const asked = useAsked('getQueue', {}, { everyMs: 5000 })
  const commands = useQueueCommands()
  const [shown, setShown] = useState<string>()
  return (
    <>
      <PageHead
        title="Queue"
        note={may('operator') ? 'Accepted, waiting for delivery' : 'Accepted, waiting for delivery. Changing it needs an operator.'}
      />
      <Loaded query={asked}>
        {(queue) => (
          <>
            <Sums queue={queue} />
            {queue.destinations.length === 0 ? (
              <EmptyState icon="queue" title="No destination">
                The routes of the policy are the destinations; there is none yet.
              </EmptyState>
            ) : (
              <ul className={styles.destinations}>
                {queue.destinations.map((destination) => (
                  <DestinationCard
                    key={destination.destination}
                    destination={destination}
                    commands={may('operator') ? commands : undefined}
                    isShown={shown === destination.destination}
                    show={() => setShown(shown === destination.destination ? undefined : destination.destination)}
                  />
                ))}
              </ul>
            )}
            {shown !== undefined && (
              <WaitingMessages key={shown} destination={shown} commands={may('operator') ? commands : undefined} />
            )}
            <Panel title="Standing orders" note="what people told the delivery to do">
              <Orders orders={queue.orders} resume={may('operator') ? commands.resume : undefined} />
            </Panel>
          </>
        )}
      </Loaded>
      <ReasonDialog doing={commands.doing} close={commands.close} />
    </>
  )
}

function Sums({ queue: { messages, oldestAgeMs, destinations } }: { readonly queue: Queue }) {
  const deferred = destinations.reduce((sum, one) => sum + one.deferred, 0)
  const paused = destinations.filter(({ isPaused }) => isPaused).length
  return (
    <Figures>
      <Figure name="Waiting" value={count(messages)} note={messages === 0 ? 'everything has left' : 'accepted messages'} />
      <Figure name="Put off" value={count(deferred)} note="by a next hop, at least once" tone={deferred > 0 ? 'warn' : 'good'} />
      <Figure name="The oldest" value={messages === 0 ? '–' : duration(oldestAgeMs)} note="since it was accepted" />
      <Figure
        name="Paused"
        value={count(paused)}
        note={`of ${counted(destinations.length, 'destination')}`}
        {...(paused > 0 ? { tone: 'warn' as const } : {})}
      />
    </Figures>
  )
}
