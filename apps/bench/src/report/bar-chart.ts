/** Bars from 0 up, in groups: one bar of each series in each group. */
export interface BarChart {
  readonly title: string;
  /** At most as many as there are colours: six. */
  readonly series: readonly string[];
  readonly groups: readonly {
    readonly label: string;
    /** In the order of the series; undefined where there is none. */
    readonly values: readonly (number | undefined)[];
  }[];
}

/** Told apart by lightness as well as by colour, on light and on dark. */
const colours: readonly { readonly light: string; readonly dark: string }[] = [
  { light: '#0b57d0', dark: '#6ea8ff' },
  { light: '#c2410c', dark: '#ff9e64' },
  { light: '#0f766e', dark: '#4fd1c5' },
  { light: '#7e22ce', dark: '#cf9cff' },
  { light: '#a16207', dark: '#e6c34a' },
  { light: '#52606d', dark: '#a8b3bf' },
];

const size = { width: 960, height: 420 } as const;
const plot = { left: 48, right: 944, top: 84, bottom: 380 } as const;
const gapOfGroups = 28;

/** An SVG with a background, so that it is readable on light and dark pages. */
export function renderBarChart({ title, series, groups }: BarChart): string {
  const highest = Math.max(0, ...groups.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const top = Math.max(1, Math.ceil(highest * 5) / 5);
  const y = (value: number): number => plot.bottom - (value / top) * (plot.bottom - plot.top);
  const widthOfGroup = (plot.right - plot.left) / Math.max(1, groups.length);
  const width = (widthOfGroup - gapOfGroups) / Math.max(1, series.length);

  const steps = Array.from({ length: Math.round(top * 5) + 1 }, (_, step) => step / 5);
  const grid = steps.map(
    (value) =>
      `<path class="grid" d="M${plot.left} ${round(y(value))}H${plot.right}"/>` +
      `<text class="axis" x="${plot.left - 8}" y="${round(y(value) + 4)}">${value.toFixed(1)}</text>`,
  );
  const bars = groups.flatMap(({ label, values }, group) => {
    const left = plot.left + group * widthOfGroup + gapOfGroups / 2;
    const middle = round(left + (widthOfGroup - gapOfGroups) / 2);
    const drawn = values.map((value, index) =>
      value === undefined
        ? ''
        : renderBar({ value, index, x: left + index * width, y: y(value), width }),
    );
    return [
      ...drawn,
      `<text class="group" x="${middle}" y="${plot.bottom + 22}">${escapeText(label)}</text>`,
    ];
  });

  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escapeText(title)}">`,
    `<style>${styleSheet(series.length)}</style>`,
    `<rect class="paper" width="${size.width}" height="${size.height}" rx="8"/>`,
    `<text class="title" x="${plot.left}" y="32">${escapeText(title)}</text>`,
    ...renderLegend(series),
    ...grid,
    ...bars.filter((line) => line !== ''),
    '</svg>',
  ].join('\n')}\n`;
}

function renderBar(bar: {
  readonly value: number;
  readonly index: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}): string {
  const { value, index, x, y, width } = bar;
  const height = round(plot.bottom - y);
  return (
    `<rect class="s${index}" x="${round(x + 1)}" y="${round(y)}" width="${round(width - 2)}" height="${height}"/>` +
    `<text class="value" x="${round(x + width / 2)}" y="${round(y - 4)}">${value.toFixed(2)}</text>`
  );
}

function renderLegend(series: readonly string[]): readonly string[] {
  let x: number = plot.left;
  return series.map((name, index) => {
    const entry =
      `<rect class="s${index}" x="${round(x)}" y="49" width="11" height="11" rx="2"/>` +
      `<text class="legend" x="${round(x + 16)}" y="59">${escapeText(name)}</text>`;
    x += 40 + name.length * 6.6;
    return entry;
  });
}

function styleSheet(count: number): string {
  const fills = (mode: 'light' | 'dark'): string =>
    colours
      .slice(0, count)
      .map((colour, index) => `.s${index}{fill:${colour[mode]}}`)
      .join('');
  return [
    'text{font:12px system-ui,sans-serif;fill:#1f2328}',
    '.title{font-size:16px;font-weight:600}',
    '.group{font-size:13px;text-anchor:middle}',
    '.value{font-size:9.5px;text-anchor:middle}',
    '.axis{text-anchor:end}',
    '.paper{fill:#ffffff}',
    '.grid{stroke:#d0d7de}',
    fills('light'),
    '@media (prefers-color-scheme:dark){text{fill:#e6edf3}.paper{fill:#0d1117}.grid{stroke:#30363d}',
    `${fills('dark')}}`,
  ].join('');
}

const round = (value: number): number => Math.round(value * 10) / 10;

const escapeText = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
