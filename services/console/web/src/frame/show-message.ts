/**
 * The frame that shows a message's HTML. It is sandboxed into an origin of its own, and its Content-Security-Policy (see the
 * console's page-headers.ts) lets nothing be loaded but `data:` pictures, no script run but this one, and no form be sent.
 */
import { harmless } from './harmless.ts'

addEventListener('message', ({ source, data }: MessageEvent<unknown>) => {
  if (source !== parent || typeof data !== 'object' || data === null || !('html' in data) || typeof data.html !== 'string') return
  const shown = new DOMParser().parseFromString(data.html, 'text/html')
  harmless(shown)
  document.body.replaceChildren(...shown.head.querySelectorAll('style'), ...shown.body.childNodes)
})
