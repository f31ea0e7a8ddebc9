/** What the lint and the scorer want to know of an HTML body, read in one pass, in bounded time and memory. */

export interface HtmlLink {
  /** As written, at most 2,000 characters. */
  readonly target: string
  /** What the reader sees, white space collapsed, at most 200 characters. */
  readonly text: string
  readonly element: 'a' | 'area' | 'form'
}

export interface HtmlImage {
  readonly source: string
  readonly alt: string | undefined
  /** In CSS pixels where attributes or inline style say so. */
  readonly width: number | undefined
  readonly height: number | undefined
}

export interface HtmlFacts {
  /** What a reader sees, white space collapsed, blocks separated by line ends, at most 64 Ki characters. */
  readonly visibleText: string
  /** Text that is there and not seen (display:none, font-size 0, colour on the same colour, …), at most 16 Ki characters. */
  readonly hiddenText: string
  /** How much of `hiddenText` stands before the first visible text: the preview that mailers put there (preheader). */
  readonly preheaderChars: number
  /** Zero-width characters within words of Latin letters: there to keep filters from reading them. */
  readonly zeroWidthCount: number
  /** At most 500 of each; the counts count all. */
  readonly links: readonly HtmlLink[]
  readonly images: readonly HtmlImage[]
  readonly linkCount: number
  readonly imageCount: number
  readonly scriptCount: number
  readonly formCount: number
  readonly iframeCount: number
  /** object, embed and applet. */
  readonly objectCount: number
  /** Event handlers (onclick=…) and javascript: targets. */
  readonly activeCount: number
  readonly styleBytes: number
  readonly commentBytes: number
  readonly tagCount: number
  readonly maxDepth: number
  readonly hasMetaRefresh: boolean
  readonly baseTarget: string | undefined
  readonly title: string
  /** True where a limit was met and the rest was not read. */
  readonly isCut: boolean
}

/** Never throws. */
export type ReadHtml = (html: string) => HtmlFacts
