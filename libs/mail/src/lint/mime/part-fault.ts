/** What the MIME reader found wrong, by fault, and how a part is named in evidence. */
import type { MimeFault, MimePart } from '../../mime/port.ts'
import { shown, shownAll } from '../evidence.ts'
import { kept } from '../kept.ts'
import type { LintEvidence, LintInput } from '../port.ts'

/** Of each attachment this much is decoded to find faults: the rest of a large one is like its beginning. */
const attachmentBytes = 4_096
const maxDecodedAttachments = 50

/** The parts that have a fault. Some faults show only when a body is decoded, so bodies and the beginnings of attachments are. */
const partsByFault = kept((input): ReadonlyMap<MimeFault, readonly MimePart[]> => {
  const { mime, plainPart, htmlPart, attachments } = input
  if (plainPart) mime.text(plainPart)
  if (htmlPart) mime.text(htmlPart)
  for (const part of attachments.slice(0, maxDecodedAttachments)) mime.decoded(part, attachmentBytes)
  const byFault = new Map<MimeFault, MimePart[]>()
  for (const part of mime.parts) {
    for (const fault of part.faults) {
      const parts = byFault.get(fault)
      if (parts) parts.push(part)
      else byFault.set(fault, [part])
    }
  }
  return byFault
})

/** How a part is named in evidence: its number in depth-first order, 0 for the message itself, and its type. */
export const partName = (part: MimePart): string => shown(`${part.index} ${part.mediaType}`)

/** The parts with this fault as evidence; undefined where none has it. */
export function findPartFault(input: LintInput, fault: MimeFault): LintEvidence | undefined {
  const parts = partsByFault(input).get(fault)
  return parts && { parts: shownAll(parts.slice(0, 10).map(partName)) }
}
