/** Enhanced status codes (RFC 3463, RFC 5248) of SMTP replies. */

const enhanced = /^([245])\.([0-9]{1,3})\.([0-9]{1,3})(?=\s|$)/
/** Basic codes that mean one thing only; RFC 5248 §2.4 and the registry it set up. */
const known: Readonly<Record<string, string>> = {
  '421': '4.3.2',
  '454': '4.7.0',
  '500': '5.5.2',
  '501': '5.5.4',
  '502': '5.5.1',
  '503': '5.5.1',
  '504': '5.5.4',
  '521': '5.3.2',
  '530': '5.7.0',
  '535': '5.7.8',
  '551': '5.1.6',
  '555': '5.5.4',
  '556': '5.1.10',
}

/**
 * The status of a reply such as `550 5.1.1 no such user`, of one line or several: its enhanced code where the first line carries one of
 * the same class, otherwise what the basic code means, otherwise its class (`5.0.0`). Without a basic code: `4.0.0`, since we cannot know.
 */
export function enhancedStatus(reply: string): string {
  const basic = /^\s*([245])([0-9]{2})(?:[ -]|$)/.exec(reply)
  const code = basic?.[1] === undefined ? '' : `${basic[1]}${basic[2]}`
  const found = enhanced.exec(basic ? reply.trimStart().slice(4) : reply.trimStart())
  if (found && (!basic || found[1] === basic[1])) return `${found[1]}.${Number(found[2])}.${Number(found[3])}`
  return known[code] ?? `${basic?.[1] ?? '4'}.0.0`
}
