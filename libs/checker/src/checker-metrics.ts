/** What every checker counts, in one set of metrics per registry. */
import type { Annotation } from '@sallyport/contracts'
import { boundedLabels, oncePerRegistry, StepCounter, StepHistogram } from '@sallyport/runtime'
import type { Registry } from 'prom-client'

export interface CheckerMetrics {
  annotated(annotation: Annotation, traceparent: string): void
}

/** The metrics of this registry, made once: the checkers of a process share it. */
export const checkerMetrics = oncePerRegistry(register)

function register(registry: Registry): CheckerMetrics {
  const registers = [registry]
  const { application: top } = boundedLabels(registry)
  const annotations = new StepCounter({
    name: 'sallyport_check_annotations_total',
    help: 'Annotations by application, check and outcome',
    labelNames: ['application', 'check', 'outcome'],
    registers,
    top,
  })
  const seconds = new StepHistogram({
    name: 'sallyport_check_seconds',
    help: 'How long a check took for one message',
    labelNames: ['check'],
    buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 20],
    registers,
  })
  return {
    annotated({ check, outcome, application, tookMs }, traceparent) {
      annotations.count([top.of(application), check, outcome])
      seconds.record([check], tookMs / 1000, traceparent)
    },
  }
}
