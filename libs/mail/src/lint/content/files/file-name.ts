/** What the name of a file says, and how names deceive. */

/** Started or opened by a double click on some system; mailbox providers refuse most of them by name. */
const runnable = new Set(
  (
    'ade adp apk app appinstaller application appref-ms appx appxbundle bat cab chm cmd com cpl dll dmg exe gadget hlp hta ins iqy isp jar jnlp js ' +
    'jse lib library-ms lnk mde msc msi msix msixbundle msp mst nsh pif ps1 psm1 psc1 reg scf scr sct settingcontent-ms shb shs sys url vb vbe vbs ' +
    'vxd wsc wsf wsh xll'
  ).split(' '),
)
const diskImages = new Set('img iso vhd vhdx vmdk udf'.split(' '))
const archives = new Set('7z ace arj bz2 cab gz lzh r00 rar tar tgz xz z zip'.split(' '))
/** What a harmless file ends in, where a second extension is to be overlooked. */
const harmless = new Set(
  'avi bmp csv doc docx eml gif htm html jpeg jpg mov mp3 mp4 odt pdf png ppt pptx rtf tif tiff txt wav xls xlsx xml'.split(' '),
)
const maxNameChars = 255
/** Characters that turn the direction of what follows (UAX #9 §2). */
const turning = /[\u202a-\u202e\u2066-\u2069]/

/** The last extension in lower case, as Windows sees it: dots and spaces at the end do not count. Empty where there is none. */
export function extensionOf(name: string): string {
  const plain = trimmed(name)
  const dot = plain.lastIndexOf('.')
  const extension = dot === -1 ? '' : plain.slice(dot + 1)
  return extension.length <= 20 && /^[a-z0-9-]+$/.test(extension) ? extension : ''
}

const trimmed = (name: string): string =>
  name
    .slice(-maxNameChars)
    .toLowerCase()
    .replace(turning, '')
    .replace(/[. \u00a0]+$/, '')

export const isRunnable = (extension: string): boolean => runnable.has(extension)
export const isDiskImage = (extension: string): boolean => diskImages.has(extension)
export const isArchive = (extension: string): boolean => archives.has(extension)
export const turnsDirection = (name: string): boolean => turning.test(name)

/** `invoice.pdf.exe`, also with spaces between: what looks like the extension is not the last one. */
export function hidesExtension(name: string): boolean {
  const extension = extensionOf(name)
  if (!runnable.has(extension)) return false
  const rest = trimmed(name).slice(0, -extension.length - 1)
  return harmless.has(extensionOf(rest.replace(/[_\s]+$/, '')))
}
