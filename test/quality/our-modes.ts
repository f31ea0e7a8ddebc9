/** How our own scorer is measured: its rules, its model, and both together as it ships. */
export const ourModes = ['rules', 'model', 'both'] as const
export type OurMode = (typeof ourModes)[number]

export const ourNames: Readonly<Record<OurMode, string>> = {
  rules: 'Sallyport, rules',
  model: 'Sallyport, model',
  both: 'Sallyport, both',
}

/** What the parent asks of the process that scores. */
export type OurQuestion = { readonly content: Uint8Array } | { readonly wantsMemory: true }

export type OurAnswer =
  | { readonly score: number; readonly cpuSeconds: number }
  | { readonly memoryMib: number }
  | { readonly isReady: true }
