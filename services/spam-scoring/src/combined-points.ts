/** One score from what the model and the rules say of a message. */
import { maxModelPoints, pointsPerNat } from './model/points.ts'

/** A point of the rules is as much evidence of spam as this, in nats. How it was chosen: `test/quality/README.md`. */
const natsPerPoint = 0.6
/** A rule of so many points is a reason of its own, whatever the message is otherwise: a virus, a program that poses as a document. */
const severeFrom = 5
/** Faults of design count by themselves only beyond this, and up to it as evidence: nearly all mail has some. */
const forgivenPoints = 5

/**
 * From 0 on, to three digits. The evidence of both together in points (1.6 for a nat, at most 20), and on top of it what receivers dislike
 * by itself: the severe rules, and the others beyond 5 points. It grows with each of its arguments, so that the order that the model gives is
 * kept, also among messages that are hardly spam.
 */
export function combinedPoints(logOdds: number, rulePoints: readonly number[]): number {
  let [light, severe] = [0, 0]
  for (const points of rulePoints) {
    if (points >= severeFrom) severe += points
    else light += points
  }
  const evidence = Math.min(
    maxModelPoints,
    pointsPerNat * softplus(logOdds + natsPerPoint * (Math.min(light, forgivenPoints) + severe)),
  )
  return Math.round(1000 * (evidence + severe + Math.max(0, light - forgivenPoints))) / 1000
}

/** ln(1 + eˣ): about 0 where spam is unlikely, about x where it is likely, and growing all the way. */
const softplus = (x: number): number => (x > 30 ? x : Math.log1p(Math.exp(x)))
