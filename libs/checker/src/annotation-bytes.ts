/** An annotation as bytes for the bus, which takes records of a bounded size only. */
import { type Annotation, annotationCodec } from '@sallyport/contracts'

/** Annotations are kept with their message by verdict and console: more than this is no explanation. */
export const maxAnnotationBytes = 32 * 1024
const maxReasons = 20
const maxTextLength = 500

/** Encodes it. One that is too long keeps its first 20 reasons with texts cut to 500 characters, and loses their evidence. */
export function annotationBytes(annotation: Annotation): Uint8Array {
  const bytes = annotationCodec.encode(annotation)
  if (bytes.byteLength <= maxAnnotationBytes) return bytes
  const reasons = annotation.reasons.slice(0, maxReasons).map(({ rule, text, fix }) => ({
    rule: rule.slice(0, maxTextLength),
    text: text.slice(0, maxTextLength),
    ...(fix === undefined ? {} : { fix: fix.slice(0, maxTextLength) }),
  }))
  return annotationCodec.encode({ ...annotation, reasons })
}
