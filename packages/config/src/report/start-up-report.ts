import type { Config } from '../config.ts';
import { type Setting, writeAscii } from './shown-setting.ts';

/**
 * Writes the settings in effect and their sources, for the log at the start: one line per variable and per warning.
 * In production, each line is one JSON object. It shows no secret.
 *
 * @param now The time, in milliseconds since the epoch. Default `Date.now`.
 */
export function writeStartUpReport(config: Config, now: () => number = Date.now): string {
  const lines = config.environment.isProduction
    ? toJson(config, new Date(now()).toISOString())
    : toText(config);
  return lines.map((line) => `${line}\n`).join('');
}

function toJson({ settings, warnings }: Config, time: string): string[] {
  return [
    ...settings.map((setting) => ({
      severity: 'INFO',
      time,
      event: 'setting',
      variable: setting.name,
      value: setting.shown,
      ...setting.origin,
      message: `${setting.name} is ${setting.shown} (${describeOrigin(setting)})`,
    })),
    ...warnings.map((message) => ({ severity: 'WARNING', time, event: 'setting', message })),
  ].map(writeAscii);
}

function toText({ settings, warnings }: Config): string[] {
  const widths = [
    Math.max(...settings.map(({ name }) => name.length)),
    Math.max(...settings.map(({ shown }) => shown.length).filter((length) => length <= 60)),
  ] as const;
  return [
    ...settings.map((setting) => {
      const { name, shown } = setting;
      return `  ${name.padEnd(widths[0])}  ${shown.padEnd(widths[1])}  ${describeOrigin(setting)}`;
    }),
    ...warnings.map((message) => `  ! ${message.replace(/[^\x20-\x7e]/g, '?')}`),
  ];
}

function describeOrigin({ origin: { source, secret, version, writtenAs } }: Setting): string {
  if (writtenAs !== undefined) return `${source}: as ${writtenAs}`;
  return secret === undefined ? source : `${source}: ${secret}, version ${version}`;
}
