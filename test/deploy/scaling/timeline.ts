/** What happened second by second, and a picture of it. */

export interface Moment {
  /** From the beginning, s. */
  readonly at: number
  readonly acceptedPerSecond: number
  readonly annotatedPerSecond: number
  readonly lag: number
  /** Replicas that the Deployment is to have, by role. */
  readonly replicas: Readonly<Record<string, number>>
  /** Real processes of the role that scales. */
  readonly processes: number
}

interface Curve {
  readonly name: string
  readonly colour: string
  readonly value: (moment: Moment) => number
}

const width = 760
const left = 60
const panelHeight = 130
const gap = 44

/** Rates are means over so many moments: processes are asked one after the other, and one that is late is made up for later. */
const smoothedOver = 10

const smoothed = (moments: readonly Moment[], value: (moment: Moment) => number): ReadonlyMap<Moment, number> =>
  new Map(
    moments.map((moment, index) => {
      const window = moments.slice(Math.max(0, index + 1 - smoothedOver), index + 1)
      return [moment, window.reduce((sum, each) => sum + value(each), 0) / window.length]
    }),
  )

/** An SVG with one panel for each list of curves, over the same time. */
export function picture(moments: readonly Moment[], role: string): string {
  const accepted = smoothed(moments, (moment) => moment.acceptedPerSecond)
  const judged = smoothed(moments, (moment) => moment.annotatedPerSecond)
  const panels: readonly { readonly title: string; readonly curves: readonly Curve[] }[] = [
    {
      title: 'messages a second, mean of 10 s',
      curves: [
        { name: 'accepted', colour: '#5b8def', value: (moment) => accepted.get(moment) ?? 0 },
        { name: `judged by ${role}`, colour: '#d9622b', value: (moment) => judged.get(moment) ?? 0 },
      ],
    },
    { title: `records that wait for ${role}`, curves: [{ name: 'lag', colour: '#8a4fbf', value: ({ lag }) => lag }] },
    {
      title: 'replicas',
      curves: [
        { name: role, colour: '#d9622b', value: ({ replicas }) => replicas[role] ?? 0 },
        { name: 'its processes', colour: '#555555', value: ({ processes }) => processes },
        {
          name: 'the most of any other role',
          colour: '#2b9d6b',
          value: ({ replicas }) => Math.max(...Object.entries(replicas).map(([name, count]) => (name === role ? 0 : count))),
        },
      ],
    },
  ]
  const end = Math.max(1, moments.at(-1)?.at ?? 1)
  const height = panels.length * (panelHeight + gap) + 30
  const x = (at: number): number => left + (at / end) * (width - left - 20)
  const drawn = panels.map(({ title, curves }, index) => {
    const top = 24 + index * (panelHeight + gap)
    const most = Math.max(1, ...moments.flatMap((moment) => curves.map(({ value }) => value(moment))))
    const y = (value: number): number => top + panelHeight - (value / most) * panelHeight
    const lines = curves.map(({ colour, value }) => {
      const points = moments.map((moment) => `${x(moment.at).toFixed(1)},${y(value(moment)).toFixed(1)}`).join(' ')
      return `<polyline fill="none" stroke="${colour}" stroke-width="1.6" points="${points}"/>`
    })
    const legend = curves.map(
      ({ name, colour }, place) => `<tspan fill="${colour}"${place === 0 ? ` x="${left + 270}"` : ' dx="14"'}>${name}</tspan>`,
    )
    return [
      `<rect x="${left}" y="${top}" width="${width - left - 20}" height="${panelHeight}" fill="none" stroke="#bbbbbb"/>`,
      `<text x="${left}" y="${top - 6}" font-weight="bold">${title}</text><text y="${top - 6}">${legend.join('')}</text>`,
      `<text x="${left - 6}" y="${top + 10}" text-anchor="end">${Math.round(most)}</text>`,
      `<text x="${left - 6}" y="${top + panelHeight}" text-anchor="end">0</text>`,
      ...lines,
    ].join('\n')
  })
  const seconds = Array.from({ length: Math.floor(end / 30) + 1 }, (_, index) => index * 30).map(
    (at) => `<text x="${x(at).toFixed(1)}" y="${height - 14}" text-anchor="middle">${at} s</text>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<title>Lag, replicas and messages a second of ${role} over a load step</title>
<rect width="${width}" height="${height}" fill="#ffffff"/>
${drawn.join('\n')}
${seconds.join('\n')}
</svg>
`
}
