/** The page's few pictures, drawn on 24 by 24. */
import type { ReactNode } from 'react'

const shapes = {
  overview: <path d="M4 13h6V4H4zm10 7h6v-9h-6zM4 20h6v-4H4zM14 4v4h6V4z" />,
  applications: <path d="M4 5h16v5H4zm0 9h16v5H4zM7.5 7.5h.01M7.5 16.5h.01" />,
  messages: <path d="M3.5 6h17v12h-17zm0 .8 8.5 6.4 8.5-6.4" />,
  quarantine: <path d="M12 3.5 19.5 6v5.5c0 4.6-3 7.7-7.5 9-4.5-1.3-7.5-4.4-7.5-9V6zM9 10l6 5m0-5-6 5" />,
  queue: <path d="M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zm0-13.500V12l3 2" />,
  policy: <path d="M6 3.500h8.500L18.5 8v12.500H6zM14 3.500V8h4.500M9 12.500h6.500M9 16h4.5" />,
  audit: <path d="M8 6h12M8 12h12M8 18h7M4 6h.01M4 12h.01M4 18h.01" />,
  sun: (
    <path d="M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm0-13v2m0 14v2M3 12h2m14 0h2M5.6 5.6 7 7m10 10 1.4 1.400M5.6 18.4 7 17M17 7l1.4-1.4" />
  ),
  moon: <path d="M20 14.500A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.500z" />,
  screen: <path d="M3.5 5h17v11h-17zM9 20h6m-3-4v4" />,
  leave: <path d="M14 4H5v16h9M10 12h11m0 0-4-4m4 4-4 4" />,
  check: <path d="m5 12.5 4.5 4.500L19 7.5" />,
  warning: <path d="M12 4 2.8 20h18.400zm0 6v4.500m0 2.800v.01" />,
  cross: <path d="m6 6 12 12M18 6 6 18" />,
  back: <path d="M19 12H5m0 0 6-6m-6 6 6 6" />,
  next: <path d="M5 12h14m0 0-6-6m6 6-6 6" />,
  search: <path d="M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zm4.8-1.700L20 20" />,
} as const satisfies Readonly<Record<string, ReactNode>>

export type IconName = keyof typeof shapes

/** It says nothing by itself: what it stands for is written beside it, or is the label of its button. */
export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }): ReactNode {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {shapes[name]}
    </svg>
  )
}
