import { Button } from '@mantine/core'
import type { QueueDestination } from '@sallyport/contracts'
import { count, counted } from '../../format/numbers.ts'
import { Badge } from '../../parts/badge.tsx'
import { Moment } from '../../parts/moment.tsx'
import styles from './queue-page.module.css'
import type { QueueCommands } from './use-queue-commands.tsx'

const ages = [
  ['minute', 'under a minute'],
  ['hour', 'under an hour'],
  ['day', 'under a day'],
  ['older', 'older'],
] as const

export function DestinationCard({
  destination: one,
  commands,
  isShown,
  show,
}: {
  readonly destination: QueueDestination
  readonly commands: QueueCommands | undefined
  readonly isShown: boolean
  readonly show: () => void
}) {
  const { destination, messages, recipients, deferred, lastReply, lastReplyAt, nextAttemptAt, isPaused } = one
  return (
    <li className={styles.card}>
      <div className={styles.head}>
        <h2>{destination}</h2>
        {isPaused && <Badge tone="warn">paused</Badge>}
        <span className={styles.soft}>
          {messages === 0
            ? 'nothing waits'
            : `${counted(messages, 'message')}, ${counted(recipients, 'recipient')}${deferred > 0 ? `, ${count(deferred)} put off` : ''}`}
        </span>
        <span className={styles.buttons}>
          {messages > 0 && (
            <Button size="xs" variant="default" onClick={show} aria-expanded={isShown}>
              {isShown ? 'Hide messages' : 'Show messages'}
            </Button>
          )}
          {commands && messages > 0 && (
            <Button size="xs" variant="default" onClick={() => commands.retry({ destination }, messages)}>
              Retry now
            </Button>
          )}
          {commands &&
            (isPaused ? (
              <Button size="xs" onClick={() => commands.resume({ destination })}>
                Resume
              </Button>
            ) : (
              <Button size="xs" variant="default" onClick={() => commands.pause({ destination })}>
                Pause
              </Button>
            ))}
          {commands && messages > 0 && (
            <Button size="xs" variant="outline" color="red" onClick={() => commands.cancel({ destination }, messages)}>
              Cancel all
            </Button>
          )}
        </span>
      </div>
      {messages > 0 && <Ages destination={one} />}
      {lastReply !== null && (
        <p className={styles.reply}>
          <span className={styles.soft}>
            Last put off
            {lastReplyAt !== null && (
              <>
                {' '}
                <Moment at={lastReplyAt} />
              </>
            )}
            :{' '}
          </span>
          <code>{lastReply || 'no answer'}</code>
        </p>
      )}
      {nextAttemptAt !== null && (
        <p className={styles.soft}>
          Next attempt <Moment at={nextAttemptAt} />
        </p>
      )}
    </li>
  )
}

function Ages({ destination }: { readonly destination: QueueDestination }) {
  const { ages: found, messages } = destination
  let x = 0
  return (
    <div>
      <svg width="100%" height="10" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        {ages.map(([key], index) => {
          const width = (found[key] / Math.max(1, messages)) * 100
          const at = x
          x += width
          return <rect key={key} className={styles[`age${index}`]} x={at} y={0} width={width} height={10} />
        })}
      </svg>
      <div className={styles.legend}>
        {ages.map(([key, name], index) =>
          found[key] === 0 ? null : (
            <span key={key}>
              <i className={styles[`age${index}`]} />
              {name}: {count(found[key])}
            </span>
          ),
        )}
      </div>
    </div>
  )
}
