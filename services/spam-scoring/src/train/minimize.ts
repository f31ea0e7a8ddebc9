/** L-BFGS with backtracking: finds the minimum of a smooth convex function, the same for the same input. */

/** Writes the gradient at `point` and returns the value there. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number

const memory = 8
const armijo = 1e-4

/** Moves `point` to the minimum, as near as `maxIterations` or a relative gain under 1e-6 bring it; returns the value there. */
export function minimize(objective: Objective, point: Float64Array, maxIterations: number): number {
  const size = point.length
  let gradient = new Float64Array(size)
  let trialGradient = new Float64Array(size)
  const trial = new Float64Array(size)
  const direction = new Float64Array(size)
  const history: { steps: Float64Array; changes: Float64Array; scale: number }[] = []
  let value = objective(point, gradient)
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    descend(direction, gradient, history)
    const slope = dot(direction, gradient)
    if (!(slope < 0)) break
    let rate = iteration === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1
    let trialValue = Number.POSITIVE_INFINITY
    for (let attempt = 0; attempt < 30; attempt++, rate /= 2) {
      for (let at = 0; at < size; at++) trial[at] = (point[at] ?? 0) + rate * (direction[at] ?? 0)
      trialValue = objective(trial, trialGradient)
      if (trialValue <= value + armijo * rate * slope) break
    }
    if (!(trialValue < value)) break
    const oldest = history.length >= memory ? history.shift() : undefined
    const steps = oldest?.steps ?? new Float64Array(size)
    const changes = oldest?.changes ?? new Float64Array(size)
    for (let at = 0; at < size; at++) {
      steps[at] = (trial[at] ?? 0) - (point[at] ?? 0)
      changes[at] = (trialGradient[at] ?? 0) - (gradient[at] ?? 0)
    }
    const curvature = dot(steps, changes)
    if (curvature > 1e-12) history.push({ steps, changes, scale: 1 / curvature })
    point.set(trial)
    const swapped = gradient
    gradient = trialGradient
    trialGradient = swapped
    const gain = value - trialValue
    value = trialValue
    if (gain < 1e-6 * Math.abs(value)) break
  }
  return value
}

/** The two-loop recursion. */
function descend(
  direction: Float64Array,
  gradient: Float64Array,
  history: readonly { steps: Float64Array; changes: Float64Array; scale: number }[],
): void {
  for (let at = 0; at < direction.length; at++) direction[at] = -(gradient[at] ?? 0)
  const factors: number[] = []
  for (const { steps, changes, scale } of history.toReversed()) {
    const factor = scale * dot(steps, direction)
    factors.push(factor)
    addScaled(direction, changes, -factor)
  }
  const last = history.at(-1)
  if (last) {
    const ratio = 1 / (last.scale * dot(last.changes, last.changes))
    for (let at = 0; at < direction.length; at++) direction[at] = (direction[at] ?? 0) * ratio
  }
  for (const { steps, changes, scale } of history)
    addScaled(direction, steps, (factors.pop() ?? 0) - scale * dot(changes, direction))
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0
  for (let at = 0; at < left.length; at++) sum += (left[at] ?? 0) * (right[at] ?? 0)
  return sum
}

function addScaled(target: Float64Array, source: Float64Array, factor: number): void {
  for (let at = 0; at < target.length; at++) target[at] = (target[at] ?? 0) + factor * (source[at] ?? 0)
}
