/** What the verdict role counts. */
import type { Verdict } from '@sallyport/contracts'
import { boundedLabels, StepCounter, StepHistogram } from '@sallyport/runtime'
import { Counter, Gauge, type Registry } from 'prom-client'

export interface VerdictMetrics {
  /** Once per join: the verdict, and what each check found. */
  judged(subject: { readonly application: string; readonly traceparent: string }, verdict: Verdict, tookMs: number): void
  lateAnnotation(): void
  /** An accepted message was decided; `asked`: the checks had to be asked again. */
  lateVerdict(how: 'remembered' | 'joined' | 'asked'): void
  forged(kind: string): void
  /** A join that never saw `opened`. */
  orphan(): void
  /** A join closed early because too many were open. */
  crowdedOut(): void
  unknownRevision(): void
  /** A message met a defect of ours. */
  fault(): void
}

export function verdictMetrics(registry: Registry, joinsOpen: () => number): VerdictMetrics {
  const registers = [registry]
  const { application: top } = boundedLabels(registry)
  new Gauge({
    name: 'sallyport_verdict_joins_open',
    help: 'Messages whose annotations are awaited',
    registers,
    collect() {
      this.set(joinsOpen())
    },
  })
  const verdicts = new StepCounter({
    name: 'sallyport_verdict_verdicts_total',
    help: 'Verdicts by application, action, and the action with every monitored check enforced',
    labelNames: ['application', 'action', 'would_be'],
    registers,
    top,
  })
  const findings = new StepCounter({
    name: 'sallyport_verdict_findings_total',
    help: 'What checks found on messages, by application, check, mode and outcome; a violation is any outcome but pass',
    labelNames: ['application', 'check', 'mode', 'outcome'],
    registers,
    top,
  })
  const seconds = new StepHistogram({
    name: 'sallyport_verdict_join_seconds',
    help: 'From the first record of a message to its verdict',
    labelNames: [],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
    registers,
  })
  const late = new Counter({ name: 'sallyport_verdict_late_annotations_total', help: 'Annotations after their verdict', registers })
  const lateVerdicts = new Counter({
    name: 'sallyport_verdict_late_verdicts_total',
    help: 'Decisions on messages accepted undecided, by where the verdict came from',
    labelNames: ['how'],
    registers,
  })
  const forged = new Counter({
    name: 'sallyport_verdict_forged_total',
    help: 'Control records whose signature did not hold, by kind',
    labelNames: ['kind'],
    registers,
  })
  const orphans = new Counter({ name: 'sallyport_verdict_orphans_total', help: 'Joins that never saw `opened`', registers })
  const crowded = new Counter({
    name: 'sallyport_verdict_crowded_out_total',
    help: 'Joins closed early, too many were open',
    registers,
  })
  const unknown = new Counter({
    name: 'sallyport_verdict_unknown_revision_total',
    help: 'Messages judged without their pinned policy revision',
    registers,
  })
  const faults = new Counter({
    name: 'sallyport_verdict_faults_total',
    help: 'Messages that could not be judged for a defect: held where they were accepted',
    registers,
  })
  return {
    judged({ application: name, traceparent }, verdict, tookMs) {
      const application = top.of(name)
      verdicts.count([application, verdict.action, verdict.wouldBe.action])
      for (const { check, mode, outcome } of verdict.contributions) findings.count([application, check, mode, outcome])
      seconds.record([], tookMs / 1000, traceparent)
    },
    lateAnnotation: () => late.inc(),
    lateVerdict: (how) => lateVerdicts.inc({ how }),
    forged: (kind) => forged.inc({ kind }),
    orphan: () => orphans.inc(),
    crowdedOut: () => crowded.inc(),
    unknownRevision: () => unknown.inc(),
    fault: () => faults.inc(),
  }
}
