import { describe, expect, it } from 'vitest';
import { renderBarChart } from '../src/report/bar-chart.ts';
import { formatFigure, formatMegabytes, formatShare, formatSpread } from '../src/report/figures.ts';
import { renderTable } from '../src/report/markdown.ts';

describe('renderTable', () => {
  it('aligns text to the left and figures to the right', () => {
    const table = renderTable(
      ['', 'µs'],
      [
        ['a', '1.25'],
        ['longer', '12'],
      ],
    );

    expect(table.split('\n')).toEqual([
      '|        |   µs |',
      '| ------ | ---: |',
      '| a      | 1.25 |',
      '| longer |   12 |',
    ]);
  });

  it('keeps cells apart whatever they say, and fills up rows that are too short', () => {
    const [, , row] = renderTable(['a', 'b'], [['x|y\nz']]).split('\n');

    expect(row).toBe('| x\\|y z |     |');
  });
});

it.each([
  [0.123, '0.12'],
  [1.005, '1.00'],
  [45.678, '45.7'],
  [-0.5, '-0.50'],
  [456.7, '457'],
  [4_567.8, '4568'],
  [Number.NaN, '–'],
  [Number.POSITIVE_INFINITY, '–'],
])('writes %d as %s', (value, expected) => {
  expect(formatFigure(value)).toBe(expected);
});

it('writes spreads, megabytes and shares', () => {
  expect(formatSpread({ median: 1, minimum: 0.5, maximum: 20 })).toBe('1.00 (0.50–20.0)');
  expect(formatMegabytes(11_690_000)).toBe('11.7 MB');
  expect([0.9, 0.9496, 1].map(formatShare)).toEqual(['0.9', '0.95', '1']);
});

describe('renderBarChart', () => {
  const drawing = renderBarChart({
    title: 'a < b & "c"',
    series: ['one', 'two'],
    groups: [
      { label: 'first', values: [1, 0.5] },
      { label: 'second', values: [undefined, 1.5] },
    ],
  });
  const barsOf = (series: number) => [
    ...drawing.matchAll(
      new RegExp(
        `<rect class="s${series}" x="[\\d.]+" y="([\\d.]+)" width="[\\d.]+" height="([\\d.]+)"/>`,
        'g',
      ),
    ),
  ];

  it('has a bar for each value, and none where there is none', () => {
    expect(barsOf(0)).toHaveLength(1);
    expect(barsOf(1)).toHaveLength(2);
  });

  it('draws bars as high as their values are to each other, up from one line', () => {
    const bars = [...barsOf(0), ...barsOf(1)].map(([, y, height]) => ({
      foot: Number(y) + Number(height),
      height: Number(height),
    }));
    const [whole, half, more] = bars.map(({ height }) => height);

    expect(half).toBeCloseTo((whole ?? 0) / 2, 0);
    expect(more).toBeCloseTo((whole ?? 0) * 1.5, 0);
    expect(new Set(bars.map(({ foot }) => Math.round(foot))).size).toBe(1);
  });

  it('escapes what would be markup', () => {
    expect(drawing).toContain('a &lt; b &amp; &quot;c&quot;');
    expect(drawing).not.toContain('a < b');
  });

  it('says what belongs to which colour, and changes all colours where it is dark', () => {
    const [light = '', dark = ''] = drawing.split('@media (prefers-color-scheme:dark)');

    for (const name of ['one', 'two']) expect(drawing).toContain(`>${name}</text>`);
    for (const rule of ['.s0{fill:', '.s1{fill:', '.paper{fill:', '.grid{stroke:', 'text{']) {
      expect(light).toContain(rule);
      expect(dark).toContain(rule);
    }
  });
});
