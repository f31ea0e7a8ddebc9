/** What an Office document fetches from elsewhere when it is opened: a template, an object, a frame (ECMA-376 part 2 §9; MITRE ATT&CK T1221). */
import { decodeXML } from 'entities'
import { readTarget } from '../links/target.ts'
import { headText } from './file-kind.ts'
import { entryBytes, type ZipEntry, type ZipPieces } from './zip-entries.ts'

/** A document has one such file for each of its parts that refers to another. */
const relations = /(?:^|[/\\])_rels[/\\][^/\\]{1,200}\.rels$/i
const maxEntries = 12
const maxUnpackedBytes = 131_072
/** Fetched without a question. Links for the reader and images are other types. */
const fetchedType = /\/(attachedTemplate|oleObject|frame|subDocument)["']/g
/** Of one file. Hardly any document has more than one. */
const maxRelationships = 50
const maxRelationshipChars = 4_000
const target = /\bTarget\s{0,20}=\s{0,20}(?:"([^"]*)"|'([^']*)')/
const isExternal = /\bTargetMode\s{0,20}=\s{0,20}["']External["']/
/** In RTF the template is named in the text. */
const rtfTemplate = /\\template\s{1,20}([a-z]{3,8}:[^\s{}\\]{1,500})/gi

/** As `attachedTemplate evil.example`; of the first 12 files of relations, 128 KiB of each. Never throws. */
export function remoteParts(pieces: ZipPieces, entries: readonly ZipEntry[]): string[] {
  const read = entries.filter(({ name, isEncrypted }) => !isEncrypted && relations.test(name)).slice(0, maxEntries)
  return read.flatMap((entry) => remoteRelations(entryBytes(pieces, entry, maxUnpackedBytes)))
}

/** The template of an RTF file, told in the same way. */
export const remoteTemplate = (head: Buffer): string[] =>
  head.includes('\\template')
    ? Array.from(head.toString('latin1').matchAll(rtfTemplate), ([, written = '']) => remote('template', written)).flat()
    : []

function remoteRelations(bytes: Buffer): string[] {
  const found: string[] = []
  const written = headText(bytes, bytes.length)
  const text = written.includes('&') ? decodeXML(written) : written
  let count = 0
  for (const { 1: type = '', index } of text.matchAll(fetchedType)) {
    if (++count > maxRelationships) break
    const start = Math.max(text.lastIndexOf('<', index), index - maxRelationshipChars)
    const next = text.indexOf('<', index)
    const tag = text.slice(start, next === -1 ? start + maxRelationshipChars : Math.min(next, start + maxRelationshipChars))
    const [, double, single] = target.exec(tag) ?? []
    if (isExternal.test(tag)) found.push(...remote(type, double ?? single ?? ''))
  }
  return found
}

/** Templates on a disk or a share are usual within an organization. */
function remote(what: string, written: string): string[] {
  const address = written.trim().replace(/^mhtml:/i, '')
  return /^(?:https?|ftp):/i.test(address) ? [`${what} ${readTarget(address).host}`] : []
}
