import { useAsked } from '../../client/use-asked.ts'

export const useRevisions = () => useAsked('listRevisions', {}, { everyMs: 15_000 })
