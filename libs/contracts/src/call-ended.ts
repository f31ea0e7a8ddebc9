/**
 * Told when a call to a server has ended: what was called (one of few words), how long it took with all that it waited for, and the code or
 * name of the error that it failed with. Never fails.
 */
export type CallEnded = (operation: string, seconds: number, errorType?: string) => void

/** Tells `ended` of `call`, however it ends, and gives it back. */
export function timed<T>(operation: string, ended: CallEnded | undefined, call: () => Promise<T>): Promise<T> {
  if (ended === undefined) return call()
  const beganMs = performance.now()
  const seconds = (): number => (performance.now() - beganMs) / 1000
  const called = call()
  called.then(
    () => ended(operation, seconds()),
    (error: unknown) => ended(operation, seconds(), errorType(error)),
  )
  return called
}

/** `error.type` of OpenTelemetry, in spans and metrics: the code where it is a word (a number tells nothing alone), else the name. */
export function errorType(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
