import { runCases } from '@sallyport/checker/cases'
import { spamChecker } from './check.ts'
import { quietModel } from './quiet-model.cases.ts'
import { scoreContent } from './score-content.ts'

const scorer = { score: async (message: Parameters<typeof scoreContent>[1]) => scoreContent(quietModel, message) }

runCases(import.meta, spamChecker({ scorer, engines: undefined, scoreBytes: 65_536 }), {
  atLeast: 25,
  receivedAt: Date.UTC(2026, 10, 25, 9, 0),
})
