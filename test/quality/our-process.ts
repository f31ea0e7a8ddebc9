/** A process that scores with our scorer and nothing else, so that its CPU time and memory can be told. Arguments: mode, model file. */
import { readFileSync } from 'node:fs'
import { lint, lintInput, parseDate, readMime } from '@sallyport/mail'
import { readModel } from '../../services/spam-scoring/src/model/model-file.ts'
import { scoreModel } from '../../services/spam-scoring/src/model/score-model.ts'
import { scoreContent } from '../../services/spam-scoring/src/score-content.ts'
import { memoryMib } from '../bench/processes.ts'
import type { OurAnswer, OurQuestion } from './our-modes.ts'

const [mode, modelPath] = process.argv.slice(2)
const score = scorerOf(mode)

process.on('message', (question: OurQuestion) => {
  if ('wantsMemory' in question) return say({ memoryMib: memoryMib(process.pid) })
  const before = process.cpuUsage()
  const points = score(question.content)
  const used = process.cpuUsage(before)
  say({ score: points, cpuSeconds: (used.user + used.system) / 1e6 })
})
process.once('disconnect', () => process.exit())
say({ isReady: true })

function say(answer: OurAnswer): void {
  process.send?.(answer)
}

function scorerOf(asked: string | undefined): (content: Uint8Array) => number {
  if (asked === 'rules') return (content) => lint(lintInput(facts(content))).reduce((sum, { rule }) => sum + rule.points, 0)
  const model = readModel(readFileSync(modelPath ?? ''))
  if (asked === 'model') return (content) => scoreModel(model, lintInput(facts(content))).logOdds
  return (content) => scoreContent(model, { content, contentBytes: content.length, ...envelope(content) }).points
}

function facts(content: Uint8Array) {
  return { mime: readMime(content), ...envelope(content) }
}

/** As if it came in a minute after it was written: old mail is not late mail. */
function envelope(content: Uint8Array) {
  const date =
    /^Date:\s*(.+)$/im.exec(
      Buffer.from(content.buffer, content.byteOffset, Math.min(content.length, 8192)).toString('latin1'),
    )?.[1] ?? ''
  return {
    sender: 'sender@client.example',
    recipients: ['customer@recipient.example'],
    isBulk: false,
    isSmtpUtf8: false,
    receivedAt: (parseDate(date.trim()) ?? 0) + 60_000,
  }
}
