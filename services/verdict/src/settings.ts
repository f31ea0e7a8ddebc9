/** The settings of the verdict role. */
import Type, { type Static } from 'typebox'

export const verdictSettingsSchema = Type.Object(
  {
    budgetMs: Type.Integer({
      default: 20_000,
      minimum: 1,
      description: 'the budget of a join until its `opened` names one, ms; a join that never sees `opened` ends with it',
    }),
    lateWindowMs: Type.Integer({
      default: 600_000,
      minimum: 1,
      description: 'how long the checks of a message that was accepted undecided are waited for, ms',
    }),
    policyWaitMs: Type.Integer({
      default: 2000,
      minimum: 0,
      description: 'how long a message waits for its policy revision to appear here, ms',
    }),
    rememberMs: Type.Integer({ default: 600_000, minimum: 0, description: 'how long a verdict is remembered, ms' }),
    maxRemembered: Type.Integer({ default: 50_000, minimum: 1, description: 'how many verdicts are remembered at most' }),
    maxOpenJoins: Type.Integer({
      default: 50_000,
      minimum: 1,
      description: 'joins open at once; beyond it the oldest is closed as if its time were up',
    }),
    tickMs: Type.Integer({ default: 50, minimum: 1, description: 'how finely deadlines are watched, ms' }),
  },
  { additionalProperties: false },
)
export type VerdictSettings = Static<typeof verdictSettingsSchema>
