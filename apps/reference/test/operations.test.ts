import { expect, it } from 'vitest';
import { logMetricNames } from '../src/index.ts';
import { accepted, refused, setUp } from './lines.ts';
import { readOperations } from './operations.ts';

const files = readOperations();
const definitions = files
  .filter(({ file }) => file.startsWith('log-metrics/'))
  .map(({ text }) => JSON.parse(text) as LogMetric);

interface LogMetric {
  readonly name: string;
  readonly filter: string;
  readonly labelExtractors?: Readonly<Record<string, string>>;
  readonly valueExtractor?: string;
}

it('defines every metric that comes from lines, and no other', () => {
  expect(definitions.map(({ name }) => name).sort()).toEqual(Object.values(logMetricNames).sort());
});

it('asks lines for fields that they have', () => {
  const { sink, read, clock } = setUp({ linesPerSecond: 1 });
  sink.emit(accepted);
  sink.emit(refused);
  sink.emit(refused);
  clock.time += 1_000;
  sink.log({ type: 'keys_dropped', reason: 'private', count: 1 });
  const known = new Set(read().flatMap((line) => Object.keys(line)));
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
