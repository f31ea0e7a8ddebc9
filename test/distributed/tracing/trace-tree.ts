/** A trace of Jaeger as a tree that a test can read. */
import type { JaegerSpan, JaegerTrace } from '../../infra/jaeger.ts'

export interface Node {
  readonly span: JaegerSpan
  readonly name: string
  readonly service: string
  /** Which process of the service. */
  readonly instance: string
  readonly children: Node[]
}

/** The span that it stands below; Jaeger tells links as references, too. */
export const parentOf = ({ references }: JaegerSpan): string | undefined =>
  references.find(({ refType }) => refType === 'CHILD_OF')?.spanID

export interface TraceTree {
  readonly roots: readonly Node[]
  /** Spans whose parent is not in the trace. */
  readonly orphans: readonly Node[]
  readonly nodes: readonly Node[]
  all(name: string): readonly Node[]
}

export function traceTree({ spans, processes }: JaegerTrace): TraceTree {
  const nodes = new Map<string, Node>()
  for (const span of spans) {
    const { serviceName = '', tags = [] } = processes[span.processID] ?? {}
    const instance = String(tags.find(({ key }) => key === 'service.instance.id')?.value ?? '')
    nodes.set(span.spanID, { span, name: span.operationName, service: serviceName, instance, children: [] })
  }
  const roots: Node[] = []
  const orphans: Node[] = []
  for (const node of nodes.values()) {
    const parent = parentOf(node.span)
    if (parent === undefined) roots.push(node)
    else if (nodes.has(parent)) nodes.get(parent)?.children.push(node)
    else orphans.push(node)
  }
  const list = [...nodes.values()]
  return { roots, orphans, nodes: list, all: (name) => list.filter((node) => node.name === name) }
}

/** Each span with its depth, for a message of an assertion. */
export const drawn = (roots: readonly Node[], depth = 0): string =>
  roots
    .toSorted((a, b) => a.span.startTime - b.span.startTime)
    .map(({ name, service, children }) => `${'  '.repeat(depth)}${name} (${service})\n${drawn(children, depth + 1)}`)
    .join('')

export const tag = ({ tags }: JaegerSpan, key: string): unknown => tags.find((each) => each.key === key)?.value
