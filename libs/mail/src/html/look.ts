/** How an element looks as far as it decides whether its text is seen; what it inherits comes from its parent. */
import { type Colour, isUnreadable } from './colour.ts'
import { type ElementStyle, unreadableFontPx } from './inline-style.ts'

export interface Look {
  /** Nothing within can be seen. */
  readonly isGone: boolean
  readonly isInvisible: boolean
  readonly fontPx: number
  /** Undefined where nothing says it: then it is the default, or a style sheet's. */
  readonly colour: Colour | undefined
  readonly background: Colour
  /** Text that stands directly in the element is not seen. */
  readonly hidesText: boolean
}

/** A white page with black text. */
export const pageLook: Look = {
  isGone: false,
  isInvisible: false,
  fontPx: 16,
  colour: undefined,
  background: 0xffffff,
  hidesText: false,
}

export const goneLook: Look = { ...pageLook, isGone: true, hidesText: true }

export interface LookChange {
  readonly style: ElementStyle | undefined
  /** From attributes, or `unknown` where a style sheet decides. The style wins. */
  readonly colour: Colour | undefined
  readonly background: Colour | undefined
  /** By the hidden attribute or a style sheet. */
  readonly isHidden: boolean
  /** A style sheet shows the element on some screens whatever its style says. */
  readonly isForced: boolean
}

export function changedLook(parent: Look, { style, colour, background, isHidden, isForced }: LookChange): Look {
  const isGone = parent.isGone || ((isHidden || style?.isGone === true) && !isForced)
  const isInvisible = style?.visibility === undefined ? parent.isInvisible : style.visibility === 'hidden'
  const fontPx = isForced ? pageLook.fontPx : (style?.fontPx ?? parent.fontPx * (style?.fontFactor ?? 1))
  const ink = style?.colour ?? colour ?? parent.colour
  const own = style?.background ?? background
  const paper = own === undefined || own === 'transparent' ? parent.background : own
  const hidesText = isGone || isInvisible || fontPx <= unreadableFontPx || (ink !== undefined && isUnreadable(ink, paper))
  return { isGone, isInvisible, fontPx, colour: ink, background: paper, hidesText }
}
