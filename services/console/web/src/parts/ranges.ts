/** How far back a page can look. */
export const ranges = [
  { name: '24h', label: '24 hours', ms: 86_400_000, step: 'hour' },
  { name: '7d', label: '7 days', ms: 7 * 86_400_000, step: 'day' },
  { name: '30d', label: '30 days', ms: 30 * 86_400_000, step: 'day' },
] as const
export type RangeName = (typeof ranges)[number]['name']
