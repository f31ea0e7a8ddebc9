/** What every checker counts, in one set of metrics per registry. */
import type { Annotation } from '@sallyport/contracts'
import { Counter, Histogram, type Registry } from 'prom-client'

export interface CheckerMetrics {
  annotated(annotation: Annotation): void
}

/** As many applications have series of their own; the rest share one. */
const maxApplications = 500
const byRegistry = new WeakMap<Registry, CheckerMetrics>()

/** The metrics of this registry, made once: the checkers of a process share it. */
export function checkerMetrics(registry: Registry): CheckerMetrics {
  let metrics = byRegistry.get(registry)
  if (!metrics) {
    metrics = register(registry)
    byRegistry.set(registry, metrics)
  }
  return metrics
}

function register(registry: Registry): CheckerMetrics {
  const registers = [registry]
  const annotations = new Counter({
    name: 'sallyport_check_annotations_total',
    help: 'Annotations by check, outcome and application',
    labelNames: ['check', 'outcome', 'application'],
    registers,
  })
  const seconds = new Histogram({
    name: 'sallyport_check_seconds',
    help: 'How long a check took for one message',
    labelNames: ['check'],
    buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 20],
    registers,
  })
  const applications = new Set<string>()
  const label = (application: string): string => {
    if (applications.has(application)) return application
    if (applications.size >= maxApplications) return 'other'
    applications.add(application)
    return application
  }
  return {
    annotated({ check, outcome, application, tookMs }) {
      annotations.inc({ check, outcome, application: label(application) })
      seconds.observe({ check }, tookMs / 1000)
    },
  }
}
