/**
 * Takes out of a document what could act or lead elsewhere. The frame's own policy forbids the same already: this also keeps what
 * is left from being half there, and a click on a link from doing anything.
 */
const acting = 'script, meta, link, base, iframe, frame, object, embed, form, input, button, template, svg, math'

export function harmless(document: Document): void {
  for (const element of document.querySelectorAll(acting)) element.remove()
  for (const element of document.querySelectorAll('*')) {
    for (const { name, value } of [...element.attributes]) {
      const isRemote =
        (name === 'src' || name === 'srcset' || name === 'background' || name === 'poster') && !value.startsWith('data:image/')
      if (name.startsWith('on') || isRemote || name === 'ping' || name === 'autofocus') element.removeAttribute(name)
    }
    const href = element.getAttribute('href')
    if (href === null) continue
    element.removeAttribute('href')
    element.setAttribute('title', `leads to ${href}`)
  }
}
