/** What the page may do in a browser, as headers: nothing from elsewhere, no inline code, no inline style, no frame around it. */

const policyOf = (directives: Readonly<Record<string, string>>): string =>
  Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`.trim())
    .join('; ')

const everywhere = {
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
}

export const pageHeaders: Readonly<Record<string, string>> = {
  ...everywhere,
  'content-security-policy': policyOf({
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'font-src': "'self'",
    'img-src': "'self' data:",
    'connect-src': "'self'",
    'frame-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  }),
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
}

/**
 * Of the frame that shows a message's HTML: an origin of its own, whose one script is ours. What a message brings may look as it
 * likes, but loads nothing, sends nothing, and opens nothing.
 */
export const previewHeaders: Readonly<Record<string, string>> = {
  ...everywhere,
  'content-security-policy': policyOf({
    sandbox: 'allow-scripts',
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'unsafe-inline'",
    'img-src': 'data:',
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'self'",
  }),
}

/** Of code, style and fonts. The frame's script is asked for by an origin that is nobody's, so everybody may read what is public. */
export const assetHeaders: Readonly<Record<string, string>> = {
  ...everywhere,
  'cross-origin-resource-policy': 'cross-origin',
  'access-control-allow-origin': '*',
}
