/** Asks one scorer for the scores that a plan needs of it, or takes them from the store. */
import type { Example } from './corpus.ts'
import type { Evaluation, Plan } from './plan.ts'
import { type Cost, digest, openScores } from './score-store.ts'
import type { Scorer } from './scorer.ts'

export interface Measured {
  readonly scorer: Scorer
  /** By content; of every evaluation that the scorer takes part in. */
  readonly scoreOf: (evaluation: Evaluation, example: Example) => number | undefined
  readonly cost: Cost | undefined
}

const warmUp = 50
const saveEvery = 200

export interface MeasureOptions {
  /** Hears how it goes on. */
  readonly say: (line: string) => void
  /** Nobody is asked: what is not in the store is missing, and tables that need it leave the scorer out. */
  readonly isCachedOnly: boolean
}

export async function measure(plan: Plan, scorer: Scorer, options: MeasureOptions): Promise<Measured> {
  const byTraining = new Map<string, ReadonlyMap<string, number>>()
  let cost: Cost | undefined
  for (const { name, examples } of plan.trainings) {
    const asked = plan.evaluations.filter(
      ({ training, isForSlow }) => (scorer.learns ? training === name : true) && (isForSlow || !scorer.isSlow),
    )
    const isTimed = !scorer.learns || name === 'hash'
    const found = await scores(
      scorer,
      { training: name, learn: examples, wanted: asked.flatMap((one) => one.examples), timed: isTimed ? plan.timed : [] },
      options,
    )
    byTraining.set(name, found.scores)
    if (isTimed) cost = found.cost
    if (scorer.learns) continue
    for (const training of plan.trainings) byTraining.set(training.name, found.scores)
    break
  }
  return { scorer, cost, scoreOf: (evaluation, example) => byTraining.get(evaluation.training)?.get(contentKey(example)) }
}

interface Task {
  readonly training: string
  readonly learn: readonly Example[]
  readonly wanted: readonly Example[]
  readonly timed: readonly Example[]
}

async function scores(scorer: Scorer, task: Task, { say, isCachedOnly }: MeasureOptions) {
  // mixed by id: a learner that sees all ham first learns otherwise
  const learn = scorer.learns ? [...task.learn].sort((a, b) => (a.id < b.id ? -1 : 1)) : []
  const label = scorer.learns ? `${scorer.name} (${task.training})` : scorer.name
  const store = openScores(label, digest(scorer.version, ...learn.map(contentKey)))
  const isToTime = task.timed.length > 0 && !store.cost
  const missing = [...new Map(task.wanted.map((example) => [contentKey(example), example]))].filter(
    ([key]) => !store.scores.has(key),
  )
  if (isCachedOnly || (missing.length === 0 && !isToTime)) return store
  say(`${label}: learns from ${learn.length}, scores ${missing.length}`)
  const running = await scorer.start(learn)
  try {
    if (isToTime) {
      for (const { bytes } of task.timed.slice(0, warmUp)) await running.score(bytes)
      const before = running.cpuSeconds()
      for (const example of task.timed) store.scores.set(contentKey(example), await running.score(example.bytes))
      const cpuSeconds = running.cpuSeconds() - before
      const bytes = task.timed.reduce((sum, example) => sum + example.bytes.length, 0)
      store.cost = { messages: task.timed.length, bytes, cpuSeconds, memoryMib: await running.memoryMib() }
    }
    let scored = 0
    for (const [key, { bytes }] of missing) {
      if (store.scores.has(key)) continue
      store.scores.set(key, await running.score(bytes))
      if (++scored % saveEvery === 0) store.save()
    }
  } finally {
    await running.stop()
    store.save()
  }
  return store
}

const keys = new WeakMap<Example, string>()

function contentKey(example: Example): string {
  const key = keys.get(example) ?? digest(example.bytes)
  keys.set(example, key)
  return key
}
