/** Messages a second over the last two minutes. */
import { Area, AreaChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { rate } from '../../format/numbers.ts'
import { clockTime } from '../../format/times.ts'
import styles from '../../parts/chart.module.css'
import type { Live } from './live-state.ts'

const lines = [
  ['received', 'var(--bar-1)'],
  ['delivered', 'var(--bar-4)'],
  ['refused', 'var(--bar-5)'],
] as const

export function RatesChart({ history }: { readonly history: Live['history'] }) {
  const last = history.at(-1)
  const said = lines.map(([name]) => `${name} ${rate(last?.[name] ?? 0)}`).join(', ')
  return (
    <figure className={styles.figure} aria-label={`Messages a second now: ${said}`}>
      <div className={styles.plot} aria-hidden="true">
        <ResponsiveContainer width="100%" height="100%">
          <AreaChart data={[...history]} margin={{ top: 6, right: 4, bottom: 0, left: 0 }} accessibilityLayer={false}>
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="at"
              tickFormatter={(at: number) => clockTime(at).slice(0, 8)}
              minTickGap={60}
              stroke="var(--ink-soft)"
              fontSize={11}
              tickLine={false}
            />
            <YAxis width={34} stroke="var(--ink-soft)" fontSize={11} tickLine={false} axisLine={false} allowDecimals={false} />
            <Tooltip labelFormatter={(at) => clockTime(Number(at)).slice(0, 8)} formatter={(value) => rate(Number(value))} />
            {lines.map(([name, colour]) => (
              <Area
                key={name}
                dataKey={name}
                type="monotone"
                stroke={colour}
                fill={colour}
                fillOpacity={0.14}
                strokeWidth={2}
                isAnimationActive={false}
              />
            ))}
          </AreaChart>
        </ResponsiveContainer>
      </div>
      <figcaption className={styles.legend}>
        {lines.map(([name], index) => (
          <span key={name}>
            <i className={styles[`key${[1, 4, 5][index]}`]} /> {name} {rate(last?.[name] ?? 0)}/s
          </span>
        ))}
      </figcaption>
    </figure>
  )
}
