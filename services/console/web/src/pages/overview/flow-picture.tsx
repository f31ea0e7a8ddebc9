/** The way of the mail, from the applications to the next hops, with what flows now and where it waits. */
import type { Overview } from '@sallyport/contracts'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { count, rate } from '../../format/numbers.ts'
import { duration } from '../../format/times.ts'
import styles from './flow-picture.module.css'
import { type FlowBox, flowShape } from './flow-shape.ts'

export function FlowPicture({ overview }: { readonly overview: Overview }) {
  const { rates, held, queue } = overview
  const { ingress, checks, verdict, delivery } = flowShape(overview.stages)
  return (
    <ol className={styles.flow} aria-label="The flow of the mail">
      <Station name="Senders" isOutside />
      <Arrow perSecond={rates.received} label="received" />
      <Station name="Ingress" box={ingress}>
        <Rate value={rates.accepted} name="accepted" tone="good" />
        <Rate value={rates.refused} name="refused" tone="bad" />
      </Station>
      <Arrow perSecond={rates.received} label="asked" />
      <li className={styles.station}>
        <h3>Checks</h3>
        <ul className={styles.checks}>
          {checks.map((box) => (
            <li key={box.role}>
              <Lamp box={box} />
              <span>{box.name}</span>
              <Waiting box={box} />
            </li>
          ))}
        </ul>
        <Rate value={rates.violations} name="with a violation" tone="warn" />
      </li>
      <Arrow perSecond={rates.received} label="annotated" />
      <Station name="Verdict" box={verdict}>
        <Rate value={rates.held} name="held" tone="held" />
        <Link to="/quarantine" className={styles.line}>
          {count(held)} held
        </Link>
      </Station>
      <Arrow perSecond={rates.accepted} label="accepted" />
      <Station name="Delivery" box={delivery}>
        <Rate value={rates.deferred} name="put off" tone="warn" />
        <Rate value={rates.failed} name="failed" tone="bad" />
        <Link to="/queue" className={styles.line}>
          {count(queue.messages)} queued
        </Link>
      </Station>
      <Arrow perSecond={rates.delivered} label="delivered" />
      <Station name="Next hops" isOutside />
    </ol>
  )
}

function Station({
  name,
  box,
  isOutside = false,
  children,
}: {
  readonly name: string
  readonly box?: FlowBox | undefined
  readonly isOutside?: boolean
  readonly children?: ReactNode
}) {
  return (
    <li className={`${styles.station} ${isOutside ? styles.outside : ''}`}>
      <h3>
        {box && <Lamp box={box} />}
        {name}
      </h3>
      {box && <Waiting box={box} />}
      {children}
    </li>
  )
}

function Lamp({ box }: { readonly box: FlowBox }) {
  const state = box.isMissing ? 'missing' : box.isBehind ? 'behind' : 'well'
  return <span className={`${styles.lamp} ${styles[state]}`} aria-hidden="true" />
}

function Waiting({ box }: { readonly box: FlowBox }) {
  if (box.isMissing) return <span className={styles.alarm}>nobody runs it</span>
  if (!box.isBehind) return null
  return (
    <span className={styles.late}>
      {count(box.waiting)} wait, {duration(box.oldestAgeMs)}
    </span>
  )
}

function Rate({ value, name, tone }: { readonly value: number; readonly name: string; readonly tone: string }) {
  return (
    <span className={`${styles.line} ${value > 0 ? styles[tone] : styles.none}`}>
      <b>{rate(value)}</b>/s {name}
    </span>
  )
}

function Arrow({ perSecond, label }: { readonly perSecond: number; readonly label: string }) {
  return (
    <li className={`${styles.arrow} ${perSecond > 0 ? styles.flowing : ''}`}>
      <span className={styles.perSecond}>{rate(perSecond)}/s</span>
      <span className={styles.shaft} aria-hidden="true" />
      <span className={styles.label}>{label}</span>
    </li>
  )
}
