/** An annotation as bytes for the bus, which takes records of a bounded size only. */
import { type Annotation, annotationCodec, maxAnnotationBytes, shortenedAnnotation } from '@sallyport/contracts'

/** Encodes it. One that is too long keeps its first 20 reasons with texts cut to 500 characters, and loses their evidence. */
export function annotationBytes(annotation: Annotation): Uint8Array {
  const bytes = annotationCodec.encode(annotation)
  return bytes.byteLength <= maxAnnotationBytes ? bytes : annotationCodec.encode(shortenedAnnotation(annotation))
}
