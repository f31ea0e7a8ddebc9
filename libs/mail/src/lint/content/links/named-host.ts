/** The host that the text of a link names, as a reader takes it. */
import { parse } from 'tldts'
import { readTarget } from './target.ts'

/** Top-level domains that are rather the end of a file's or a product's name. */
const fileLike = new Set(
  'app cc cs do es fm gs hs in is it java md ml mk mov ms name no pl pm ps py rs sc sh so st to ts tv vi ws zip'.split(' '),
)
/** Products whose names are hosts, too, that nobody has an account at: in capitals throughout they look like any host. */
const products = new Set(['ado.net', 'asp.net', 'ml.net', 'odp.net', 'vb.net'])
/** `Paint.NET`, `Socket.IO`: in capitals behind the dot alone nobody writes a host. Not `.COM`, which phishing imitates most. */
const productForm = /^[A-Za-z0-9-]*[a-z][A-Za-z0-9-]*\.(?:NET|IO|AI)$/
const bareDomain = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}$/
const options = { extractHostname: false, validateHostname: false, detectIp: false, mixedInputs: false }

/** Lower-case, or undefined where the text names none: a word, a sentence, a mail address, a file, a product. */
export function namedHost(text: string): string | undefined {
  const word = text.trim()
  if (word.length < 4 || word.length > 200 || /\s/.test(word) || word.includes('@')) return undefined
  const written = word.replace(/[.…,;:!?)»›>\u200b]{1,8}$/, '')
  const lower = written.toLowerCase()
  if (products.has(lower) || productForm.test(written)) return undefined
  if (/^https?:\/\//.test(lower) || lower.startsWith('www.')) {
    const { host } = readTarget(lower)
    return host.includes('.') ? host : undefined
  }
  const slash = lower.indexOf('/')
  const host = slash === -1 ? lower : lower.slice(0, slash)
  if (!bareDomain.test(host)) return undefined
  const { isIcann, publicSuffix, domain } = parse(host, options)
  if (isIcann !== true || domain === null || publicSuffix === null) return undefined
  return host.split('.').length === 2 && fileLike.has(publicSuffix) ? undefined : host
}
