/** Violations by check and mode over time: enforced in full colour, watched paler. */
import type { Statistics } from '@sallyport/contracts'
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { count, counted, shortCount } from '../format/numbers.ts'
import { fullMoment, stepLabel } from '../format/times.ts'
import styles from './chart.module.css'
import { seriesKey, violationSeries } from './violation-series.ts'

const colourOf = (index: number): string => `var(--bar-${(index % 5) + 1})`

export function ViolationsChart({ statistics }: { readonly statistics: Statistics }) {
  const { checks, steps, total } = violationSeries(statistics)
  const stepMs = statistics.step === 'hour' ? 3_600_000 : 86_400_000
  const sumOf = (key: string): number => steps.reduce((sum, step) => sum + (step[key] ?? 0), 0)
  if (total === 0) return <p className={styles.none}>No check found a violation in this time.</p>
  return (
    <figure className={styles.figure} aria-label={`${counted(total, 'violation')} over time, by check and mode`}>
      <div className={styles.plot} aria-hidden="true">
        <ResponsiveContainer width="100%" height="100%">
          <BarChart data={[...steps]} margin={{ top: 6, right: 4, bottom: 0, left: 0 }} accessibilityLayer={false}>
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="at"
              tickFormatter={(at: number) => stepLabel(at, stepMs)}
              minTickGap={24}
              stroke="var(--ink-soft)"
              fontSize={11}
              tickLine={false}
            />
            <YAxis
              width={38}
              tickFormatter={shortCount}
              stroke="var(--ink-soft)"
              fontSize={11}
              tickLine={false}
              axisLine={false}
              allowDecimals={false}
            />
            <Tooltip
              cursor={{ fill: 'var(--calm-soft)', opacity: 0.5 }}
              labelFormatter={(at) => fullMoment(Number(at))}
              formatter={(value) => count(Number(value))}
              contentStyle={{ background: 'var(--surface)', borderColor: 'var(--line)' }}
            />
            {checks.flatMap((check, index) =>
              (['monitor', 'enforce'] as const).map((mode) => (
                <Bar
                  key={`${check} ${mode}`}
                  dataKey={seriesKey(check, mode)}
                  name={`${check}, ${mode}`}
                  stackId="all"
                  fill={colourOf(index)}
                  fillOpacity={mode === 'enforce' ? 1 : 0.5}
                  maxBarSize={36}
                  isAnimationActive={false}
                />
              )),
            )}
          </BarChart>
        </ResponsiveContainer>
      </div>
      <figcaption className={styles.legend}>
        {checks.flatMap((check, index) =>
          (['monitor', 'enforce'] as const).map((mode) => {
            const sum = sumOf(seriesKey(check, mode))
            return sum === 0 ? null : (
              <span key={`${check} ${mode}`}>
                <i className={`${styles[`key${(index % 5) + 1}`]} ${mode === 'monitor' ? styles.watched : ''}`} /> {check},{' '}
                {mode === 'monitor' ? 'watched' : 'enforced'}: {count(sum)}
              </span>
            )
          }),
        )}
      </figcaption>
    </figure>
  )
}
