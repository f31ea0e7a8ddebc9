/** Whether a message was made by a machine in answer to another, or in bulk (RFC 3834). */
import { type HeaderBlock, headerValues } from './header-block.ts'

/**
 * True where no automatic answer may be sent: the null envelope sender, Auto-Submitted other than `no` (RFC 3834 §5), Precedence
 * bulk, junk or list, or a List-Id. This is about answers such as vacation notices; a DSN is due for such mail too, but never to `<>`.
 */
export function isAutomatic(block: HeaderBlock, envelopeSender?: string): boolean {
  if (envelopeSender === '') return true
  for (const value of headerValues(block, 'auto-submitted')) {
    if (!/^no\s*(?:[;(]|$)/i.test(value)) return true
  }
  if (headerValues(block, 'precedence').some((value) => /^(?:bulk|junk|list)\b/i.test(value))) return true
  return headerValues(block, 'list-id').length > 0
}
