/** Dashboards, alerts, objectives and log metrics name only what the sinks of telemetry write. */
import { readdirSync, readFileSync } from 'node:fs';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { type AuditEvent, authErrorAnswers, type OperationalEvent } from '@sallyport/core';
import { createCloudLoggingSink, logMetricNames, metricNames } from '@sallyport/telemetry';
import { createOpenTelemetrySink } from '@sallyport/telemetry/opentelemetry';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const folder = new URL('../operations/', import.meta.url);
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(?:json|yaml)$/.test(file))
  .map((file) => ({ file, text: readFileSync(new URL(file, folder), 'utf8') }));
const definitions = files
  .filter(({ file }) => file.startsWith('log-metrics/'))
  .map(({ text }) => JSON.parse(text) as LogMetric);

interface LogMetric {
  readonly name: string;
  readonly filter: string;
  readonly labelExtractors?: Readonly<Record<string, string>>;
  readonly valueExtractor?: string;
}

const accepted: AuditEvent = {
  event: 'authenticated',
  at: Date.UTC(2026, 0, 1),
  verifier: 'jwt',
};
const refused: AuditEvent = { ...accepted, event: 'refused', code: 'token_inactive' };

it('defines every metric that comes from lines, and no other', () => {
  expect(definitions.map(({ name }) => name).sort()).toEqual(Object.values(logMetricNames).sort());
});

it('asks lines for fields that they have', () => {
  const lines: string[] = [];
  const clock = { time: Date.UTC(2026, 0, 1) };
  const sink = createCloudLoggingSink({
    linesPerSecond: 1,
    write: (line) => lines.push(line),
    now: () => clock.time,
  });
  sink.emit({ ...accepted, durationMs: 1 });
  sink.emit(refused);
  sink.emit(refused);
  clock.time += 1_000;
  sink.log({ type: 'keys_dropped', reason: 'private', count: 1 });
  const known = new Set(lines.flatMap((line) => Object.keys(JSON.parse(line))));
  const asked = definitions.flatMap((definition) =>
    [...JSON.stringify(definition).matchAll(/jsonPayload\.(\w+)/g)].map(([, name]) => name),
  );

  expect(asked.length).toBeGreaterThan(4);
  expect(asked.filter((name = '') => !known.has(name))).toEqual([]);
});

it('alerts and draws by log metrics that are defined', () => {
  const used = files.flatMap(({ text }) =>
    [...text.matchAll(/logging\.googleapis\.com\/user\/(\w+)/g)].map(([, name]) => name),
  );

  expect(used.length).toBeGreaterThan(4);
  expect(
    used.filter((name) => !definitions.some((definition) => definition.name === name)),
  ).toEqual([]);
});

class TestReader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

it('has the names in Prometheus that the dashboards ask for', async () => {
  const reader = new TestReader();
  const sink = createOpenTelemetrySink({
    verifiers: ['jwt'],
    readings: { limiterKeys: () => 1, cacheHitRatio: () => 1 },
    meterProvider: new MeterProvider({ readers: [reader] }),
    monotonicNow: () => 0,
  });
  sink.emit({ ...accepted, durationMs: 1 });
  for (const type of ['secret_loaded', 'breaker_opened']) sink.log({ type });
  sink.log({ type: 'keys_loaded', ttlSeconds: 3_600 });
  const { resourceMetrics } = await reader.collect();
  const text = new PrometheusSerializer().serialize(resourceMetrics);

  const asked = files.flatMap(({ text: file }) => file.match(/sallyport_\w+/g) ?? []);
  const fromLogs: readonly string[] = Object.values(logMetricNames);
  const labelsInText: readonly string[] = text.match(/sallyport_\w+/g) ?? [];
  const unknown = asked.filter((name) => !fromLogs.includes(name) && !labelsInText.includes(name));
  expect(asked.length).toBeGreaterThan(10);
  expect(unknown).toEqual([]);
});

/** The line that the sink writes for an event. */
function lineOf(event: OperationalEvent): { readonly event: string; readonly severity: string } {
  let written = '';
  createCloudLoggingSink({
    write: (line) => {
      written = line;
    },
  }).log(event);
  return JSON.parse(written);
}

/** The labels that Prometheus has for an event. */
async function labelsOf(event: OperationalEvent): Promise<Readonly<Record<string, string>>> {
  const reader = new TestReader();
  const meterProvider = new MeterProvider({ readers: [reader] });
  createOpenTelemetrySink({ verifiers: ['jwt'], meterProvider }).log(event);
  const { resourceMetrics } = await reader.collect();
  const text = new PrometheusSerializer().serialize(resourceMetrics);
  const [, labels = ''] = /^sallyport_events_total\{(.+)\}/m.exec(text) ?? [];
  return Object.fromEntries(
    [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
}

interface Policy {
  readonly displayName: string;
  readonly severity: string;
  readonly documentation: {
    readonly content: string;
    readonly links: readonly { readonly url: string }[];
  };
}

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook_url: string };
}

const address = 'https://github.com/sallyport/sallyport/blob/main/apps/docs/content/alerts/';
const pageFolder = new URL('../../docs/content/alerts/', import.meta.url);
const pages = new Map(
  readdirSync(pageFolder).map((file) => [
    file.replace('.md', ''),
    readFileSync(new URL(file, pageFolder), 'utf8'),
  ]),
);
const policies = files
  .filter(({ file }) => file.startsWith('alert-policies/'))
  .map(({ file, text }) => ({
    name: file.replace(/^.*\/|\.json$/g, ''),
    text,
    policy: JSON.parse(text) as Policy,
  }));
const rules = (
  parse(files.find(({ file }) => file === 'prometheus-rules.yaml')?.text ?? '').groups as {
    rules: Rule[];
  }[]
).flatMap((group) => group.rules);
const alertRules = rules.filter(({ alert }) => alert !== undefined);
const eventsIn = (text: string): readonly string[] =>
  [...text.matchAll(/(?:metric\.label\.event|sallyport_event)=~?\\?"([\w|]+)\\?"/g)]
    .flatMap(([, names = '']) => names.split('|'))
    .filter((name) => !['refused', 'authorized'].includes(name));

describe('alerts', () => {
  it('have a runbook page each, and no page is without an alert', () => {
    expect(policies.map(({ name }) => name).toSorted()).toEqual([...pages.keys()].toSorted());
    expect(new Set(policies.map(({ policy }) => policy.displayName)).size).toBe(policies.length);
    for (const { name, policy } of policies) {
      expect(policy.documentation.links.map(({ url }) => url)).toEqual([`${address}${name}.md`]);
    }
  });

  it.each(policies)('$name watches events that are written, and its page names them', (alert) => {
    const page = pages.get(alert.name) ?? '';
    const events = eventsIn(alert.text);
    const codes = Object.keys(authErrorAnswers).filter((code) => page.includes(`\`${code}\``));
    const metrics = [...Object.values(metricNames), ...Object.values(logMetricNames)].filter(
      (metric) => page.includes(`\`${metric}\``),
    );
    const named = [...page.matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)]
      .map(([, name = '']) => name)
      .filter((name) => lineOf({ type: name }).event === name);

    expect(page).toContain(`The alert \`${alert.name}\` watches`);
    expect(page).toContain(`Its severity is ${alert.policy.severity}.`);
    expect([...named, ...codes, ...metrics].length).toBeGreaterThan(0);
    expect(events.filter((event) => !named.includes(event))).toEqual([]);
    // Below a warning, the log metric does not count it.
    expect(events.filter((type) => lineOf({ type }).severity === 'INFO')).toEqual([]);
    const counts = /user\/sallyport_events/.test(alert.text);
    expect(events.length > 0).toBe(counts);
  });

  it.each(alertRules)('of Prometheus have the same pages: $alert', ({ expr, ...rule }) => {
    const name = rule.annotations.runbook_url.replace(address, '').replace('.md', '');
    const { policy } = policies.find((each) => each.name === name) ?? {};
    const codes = [...expr.matchAll(/sallyport_code="(\w+)"/g)].map(([, code = '']) => code);

    expect(policy?.severity.toLowerCase()).toBe(rule.labels.severity);
    expect(codes.filter((code) => !(code in authErrorAnswers))).toEqual([]);
    expect(eventsIn(expr).filter((type) => lineOf({ type }).event !== type)).toEqual([]);
  });

  it.each([
    [{ type: 'keys_dropped', reason: 'private' }, true],
    [{ type: 'keys_dropped', reason: 'symmetric' }, true],
    [{ type: 'credentials_refused' }, true],
    [{ type: 'api_key_record_changed' }, true],
    [{ type: 'keys_dropped', reason: 'too many' }, false],
  ])('of Prometheus and of Cloud Monitoring are critical for %o: %s', async (event, isCritical) => {
    const { severity } = lineOf(event);
    const labels = await labelsOf(event);
    const rule = rules.find(({ alert }) => alert === 'SallyportCriticalEvent');
    const asked = [...(rule?.expr ?? '').matchAll(/(\w+)=~?"([^"]+)"/g)];
    const recorded = rules.filter(({ record }) => record?.startsWith('sallyport:events:'));

    expect(severity === 'CRITICAL').toBe(isCritical);
    expect(asked.length).toBeGreaterThan(0);
    expect(
      asked.every(([, name = '', values]) =>
        new RegExp(`^(?:${values})$`).test(labels[name] ?? ''),
      ),
    ).toBe(isCritical);
    // A recorded series has only the labels by which it sums.
    expect(recorded).toHaveLength(2);
    for (const { expr } of recorded) {
      const [, kept = ''] = /^sum by \((.+?)\)/.exec(expr) ?? [];
      expect(kept.split(', ')).toEqual(expect.arrayContaining(asked.map(([, name]) => name)));
    }
  });

  it('of Prometheus watch the events that those of Cloud Monitoring watch', () => {
    const inRules = new Set(rules.flatMap(({ expr }) => eventsIn(expr)));
    const inPolicies = policies.flatMap(({ text }) => eventsIn(text));
    // A server that did not start sends no metric.
    const lost = inPolicies.filter((event) => !inRules.has(event) && event !== 'start_failed');

    expect(inPolicies.length).toBeGreaterThan(6);
    expect(lost).toEqual([]);
    expect(alertRules.length).toBeGreaterThan(policies.length - 2);
  });
});

it('counts slow verifications at a bound of the histogram', () => {
  const [objective] = files.filter(({ file }) => file === 'slo/verification-latency.json');
  const { range } = JSON.parse(objective?.text ?? '').serviceLevelIndicator.requestBased
    .distributionCut;
  const [metric] = files.filter(({ file }) => file === 'log-metrics/verification-duration.json');
  const { bounds } = JSON.parse(metric?.text ?? '').bucketOptions.explicitBuckets;

  expect(bounds).toContain(range.max);
});
