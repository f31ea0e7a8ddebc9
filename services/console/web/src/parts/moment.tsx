/** A moment: how long ago, and on hover exactly when. */
import { useEffect, useState } from 'react'
import { fullMoment, moment, relative, relativeStep } from '../format/times.ts'

/** Now, again every `everyMs`. */
export function useNow(everyMs = 10_000): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}

/** Within a day it says how long ago, beyond that the date. */
export function Moment({ at }: { readonly at: number }) {
  const now = useNow()
  return (
    <time dateTime={new Date(at).toISOString()} title={fullMoment(at)}>
      {Math.abs(now - at) < 86_400_000 ? relative(at, now) : moment(at)}
    </time>
  )
}

/** The hour or day in which something was: counts know no more. */
export function StepMoment({ at, step }: { readonly at: number; readonly step: 'hour' | 'day' }) {
  const now = useNow()
  return (
    <time dateTime={new Date(at).toISOString()} title={`in the ${step} that began ${fullMoment(at)}`}>
      {relativeStep(at, step, now)}
    </time>
  )
}
