/** What was started, to be stopped in the opposite order; one that fails to stop does not keep the others running. */
export class Closers {
  readonly #steps: { readonly name: string; readonly close: () => Promise<void> }[] = []

  push(name: string, close: () => Promise<void>): void {
    this.#steps.push({ name, close })
  }

  /** Stops everything, once. Resolves with what failed. */
  async closeAll(): Promise<readonly { readonly name: string; readonly error: unknown }[]> {
    const failed: { name: string; error: unknown }[] = []
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step.close()
      } catch (error) {
        failed.push({ name: step.name, error })
      }
    }
    return failed
  }
}
