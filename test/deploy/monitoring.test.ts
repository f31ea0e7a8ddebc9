/** Alerts and dashboards name only metrics that the gateway has; every alert is tested by promtool and has a paragraph in the runbook. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { temporaryFolder } from '@sallyport/testkit'
import { parse } from 'yaml'
import { askProgram } from '../infra/ask-program.ts'
import { findProgram } from '../infra/find-program.ts'
import { startWatchedGateway } from './metrics-of-gateway.ts'

const root = join(import.meta.dirname, '../..')
const rulesPath = join(root, 'deploy/alerts/sallyport.yml')
const testsPath = join(root, 'deploy/alerts/sallyport.test.yml')

interface Rule {
  readonly alert?: string
  readonly record?: string
  readonly expr: string
  readonly labels?: { readonly severity: string }
}
const rules = (
  parse(readFileSync(rulesPath, 'utf8')) as { readonly groups: readonly { readonly rules: readonly Rule[] }[] }
).groups.flatMap((group) => group.rules)
const alerts = rules.flatMap(({ alert }) => (alert === undefined ? [] : [alert]))

interface Panel {
  readonly title: string
  readonly type: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets?: readonly { readonly expr: string }[]
}
interface Dashboard {
  readonly uid: string
  readonly title: string
  readonly panels: readonly Panel[]
}
const grafana = join(root, 'deploy/grafana')
const dashboards = readdirSync(grafana)
  .filter((file) => file.endsWith('.json'))
  .map((file) => [file, JSON.parse(readFileSync(join(grafana, file), 'utf8')) as Dashboard] as const)

/** Names of metrics in an expression; those of records that the rules make are not among them. */
const metricsOf = (expression: string): readonly string[] =>
  [
    ...expression
      .replaceAll(/"[^"]*"/g, '')
      .matchAll(/(?<![\w:])((?:sallyport|process|db_client|http_server|rpc_client)_\w+)(?![\w:])/g),
  ].map(([name]) => name)

suite('alerts and dashboards', () => {
  let known: ReadonlyMap<string, string>
  let stop: () => Promise<void>
  before(async () => {
    const gateway = await startWatchedGateway()
    known = gateway.metrics
    stop = gateway.stop
  })
  after(() => stop?.())

  /** A histogram is known by its base name. */
  const isKnown = (name: string): boolean => known.has(name) || known.get(name.replace(/_(bucket|sum|count)$/, '')) === 'histogram'

  for (const { alert, record, expr } of rules) {
    test(`${alert ?? record} asks for metrics that exist`, () => {
      const names = metricsOf(expr)
      assert.ok(names.length > 0 || /group:sallyport_/.test(expr), expr)
      assert.deepEqual(
        names.filter((name) => !isKnown(name)),
        [],
      )
    })
  }

  for (const [file, { panels, uid, title }] of dashboards) {
    test(`${file} asks for metrics that exist, and its panels do not overlap`, () => {
      assert.match(uid, /^sallyport-/)
      assert.match(title, /^Sallyport: /)
      const shown = panels.filter(({ type }) => type !== 'row')
      assert.ok(shown.length >= 6)
      for (const panel of shown) {
        const names = (panel.targets ?? []).flatMap(({ expr }) => metricsOf(expr))
        assert.ok(names.length > 0, panel.title)
        assert.deepEqual(
          names.filter((name) => !isKnown(name)),
          [],
          panel.title,
        )
      }
      const places = panels.map(({ gridPos }) => gridPos)
      for (const [index, a] of places.entries())
        for (const b of places.slice(index + 1))
          assert.ok(
            a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y,
            `${JSON.stringify(a)} ${JSON.stringify(b)}`,
          )
    })
  }

  test('the four dashboards are there', () => {
    assert.deepEqual(dashboards.map(([file]) => file).toSorted(), [
      'application.json',
      'checker-scaling.json',
      'delivery.json',
      'overview.json',
    ])
  })
})

suite('the rules in promtool', {
  skip: findProgram('promtool') === undefined && 'promtool is not installed (Debian: prometheus)',
}, () => {
  const promtool = findProgram('promtool') ?? 'promtool'
  test('are well formed', async () => {
    const { code, stdout, stderr } = await askProgram(promtool, ['check', 'rules', '--lint-fatal', rulesPath])
    assert.equal(code, 0, stdout + stderr)
  })
  test('fire when they should, and only then', async () => {
    const { code, stdout, stderr } = await askProgram(promtool, ['test', 'rules', testsPath])
    assert.equal(code, 0, stdout + stderr)
  })
  test('expressions of dashboards are well formed', async () => {
    const expressions = dashboards.flatMap(([, { panels }]) =>
      panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
    )
    const asRules = expressions.map((expr, index) => ({
      record: `test:panel_${index}`,
      expr: expr.replaceAll('$__rate_interval', '5m').replaceAll('$__range', '1h'),
    }))
    const folder = temporaryFolder('sallyport-panels-')
    try {
      writeFileSync(folder.join('panels.yml'), JSON.stringify({ groups: [{ name: 'panels', rules: asRules }] }))
      const { code, stdout, stderr } = await askProgram(promtool, ['check', 'rules', folder.join('panels.yml')])
      assert.equal(code, 0, stdout + stderr)
    } finally {
      folder.remove()
    }
  })
})

suite('every alert', () => {
  const tested = parse(readFileSync(testsPath, 'utf8')) as {
    readonly tests: readonly {
      readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts: readonly unknown[] }[]
    }[]
  }
  const runbook = readFileSync(join(root, 'docs/runbook.md'), 'utf8')

  test('is seen firing, and not firing', () => {
    const cases = tested.tests.flatMap(({ alert_rule_test }) => alert_rule_test)
    for (const alert of alerts) {
      const own = cases.filter(({ alertname }) => alertname === alert).map(({ exp_alerts }) => exp_alerts.length > 0)
      assert.ok(own.includes(true) && own.includes(false), alert)
    }
  })

  test('has a severity and a paragraph in the runbook, and no paragraph is left over', () => {
    const paragraphs = new Map(
      runbook
        .split(/^## /m)
        .slice(1)
        .map((text) => text.split('\n'))
        .map(([alert = '', ...lines]) => [alert, lines.join(' ').trim()]),
    )
    assert.deepEqual([...paragraphs.keys()], alerts)
    for (const [alert, text] of paragraphs) assert.ok(text.length > 60, alert)
    for (const { alert, labels } of rules) if (alert !== undefined) assert.match(labels?.severity ?? '', /^(page|ticket)$/, alert)
  })
})
