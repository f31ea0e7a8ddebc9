/** Our own scorer as one of those that are measured. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type OurAnswer, type OurMode, type OurQuestion, ourNames } from './our-modes.ts'
import { ourVersion, trainOurs } from './our-training.ts'
import type { RunningScorer, Scorer } from './scorer.ts'

/** Points at which the documents suggest to hold; a model alone: as likely spam as not, times e^5. */
const thresholds: Readonly<Record<OurMode, number>> = { rules: 8, model: 5, both: 8 }

export function ours(mode: OurMode): Scorer {
  return {
    name: ourNames[mode],
    defaultThreshold: thresholds[mode],
    learns: mode !== 'rules',
    isSlow: false,
    version: `${mode} ${ourVersion()}`,
    start: (training) => start(mode, mode === 'rules' ? '' : trainOurs(training)),
  }
}

async function start(mode: OurMode, modelPath: string): Promise<RunningScorer> {
  const child = fork(fileURLToPath(new URL('our-process.ts', import.meta.url)), [mode, modelPath], { serialization: 'advanced' })
  const waiting: { resolve(answer: OurAnswer): void; reject(error: Error): void }[] = []
  const answered = () => new Promise<OurAnswer>((resolve, reject) => waiting.push({ resolve, reject }))
  child.on('message', (answer: OurAnswer) => waiting.shift()?.resolve(answer))
  child.once('exit', (code) => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`our scorer ended with ${code}`))
  })
  const ask = (question: OurQuestion) => {
    const answer = answered()
    child.send(question)
    return answer
  }
  await answered()
  let cpuSeconds = 0
  return {
    async score(content) {
      const answer = await ask({ content })
      if (!('score' in answer)) throw new Error('not a score')
      cpuSeconds += answer.cpuSeconds
      return answer.score
    },
    cpuSeconds: () => cpuSeconds,
    async memoryMib() {
      const answer = await ask({ wantsMemory: true })
      return 'memoryMib' in answer ? answer.memoryMib : Number.NaN
    },
    stop() {
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
      child.disconnect()
      return gone
    },
  }
}
