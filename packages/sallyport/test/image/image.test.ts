/** The files of the image are held against what they speak of: Cloud Run, the command, the reference app's image. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { command } from '../command.ts';
import { type CloudRunService, cloudRunService } from './cloud-run-service.ts';
import { readImageFile, readService, readServiceText } from './image-files.ts';

const services = ['sidecar.yaml', 'parent.yaml'];

/** The paths of all members, such as `spec.template`. */
function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [
    ...(Array.isArray(value) ? [] : [[...path, name]]),
    ...pathsOf(member, [...path, name]),
  ]);
}

/** The same with one member under a name that differs by its last letter. */
function misspell(value: unknown, [name = '', ...rest]: readonly string[]): unknown {
  if (Array.isArray(value)) {
    return value.map((each, index) => (String(index) === name ? misspell(each, rest) : each));
  }
  const entries = Object.entries(value as object);
  return Object.fromEntries(
    entries.map(([own, member]) => {
      if (own !== name) return [own, member];
      return rest.length === 0 ? [`${own}s`, member] : [own, misspell(member, rest)];
    }),
  );
}

describe.each(services)('%s', (name) => {
  const { spec } = cloudRunService.parse(readService(name)) as CloudRunService;
  const { containers, serviceAccountName } = spec.template.spec;
  const gate = containers.find(({ ports }) => ports !== undefined);

  async function check(text: string) {
    const folder = mkdtempSync(join(tmpdir(), 'image-'));
    writeFileSync(join(folder, name), text);
    return command(['check', '--service', name, '--json'], { folder });
  }

  it('has the shape that Cloud Run documents, and no other spelling of any member has it', () => {
    const service = readService(name);
    const paths = pathsOf(service);
    const accepted = paths.filter(
      (path) => cloudRunService.safeParse(misspell(service, path)).success,
    );

    expect(paths.length).toBeGreaterThan(40);
    expect(accepted.map((path) => path.join('.'))).toEqual([]);
  });

  it('has settings that start, and "sallyport check" knows each of its variables', async () => {
    const { code, output } = await check(readServiceText(name));
    const { warnings, settings } = JSON.parse(output);
    const known = settings.map(({ variable }: { variable: string }) => variable);
    const passed =
      gate?.args?.slice(gate.args.indexOf('--pass') + 1, gate.args.indexOf('--')) ?? [];

    expect(code).toBe(0);
    expect(warnings).toEqual([]);
    expect(known).toEqual(
      expect.arrayContaining(
        gate?.env?.map((entry) => entry.name).filter((each) => !passed.includes(each)) ?? [],
      ),
    );
  });

  it('is refused by "sallyport check" as it is, with the name to replace', async () => {
    const { code, output } = await check(readImageFile(name));

    expect(JSON.parse(output).problems).toMatchObject([{ variable: 'GCP_PROJECT_ID' }]);
    expect(code).toBe(78);
  });

  it('starts "run" with arguments that it takes', async () => {
    // Without settings it refuses to start, after it took the arguments.
    const { code } = await command(gate?.args ?? []);

    expect(gate?.args?.[0]).toBe('run');
    expect(code).toBe(78);
  });

  it('asks for health where the command answers, and uses an account of its own', () => {
    expect(gate?.startupProbe?.httpGet?.path).toBe('/health');
    expect(gate?.livenessProbe?.httpGet?.path).toBe('/health');
    expect(serviceAccountName).not.toMatch(/compute@developer/);
  });
});

it('the sidecar has the only port, and the server behind it has no setting of the gate', () => {
  const { spec } = readService('sidecar.yaml') as CloudRunService;
  const [gate, server] = spec.template.spec.containers;

  expect(gate?.args?.at(-1)).toMatch(/^http:\/\/127\.0\.0\.1:9000\//);
  expect(server?.ports).toBeUndefined();
  expect(server?.env).toBeUndefined();
  expect(server?.startupProbe?.tcpSocket?.port).toBe(9_000);
});

describe('Dockerfile (CFG-18)', () => {
  const instructions = (text: string) =>
    text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const lines = instructions(readImageFile('Dockerfile'));
  const reference = instructions(
    readFileSync(new URL('../../../../apps/reference/Dockerfile', import.meta.url), 'utf8'),
  );
  const stagesOf = (all: readonly string[]) => all.filter((line) => line.startsWith('FROM '));
  const last = lines.slice(lines.lastIndexOf(stagesOf(lines).at(-1) ?? ''));

  it('CASE-14: has the pinned images and the pnpm of the reference app', () => {
    const imagesOf = (all: readonly string[]) =>
      all.flatMap((line) => /^FROM (\S+@sha256:[0-9a-f]{64})/.exec(line)?.[1] ?? []);
    const pnpmOf = (all: readonly string[]) =>
      new Set(all.flatMap((line) => /pnpm@[\d.]+/.exec(line) ?? []));

    const pinned = imagesOf(lines);
    expect(pinned.length).toBe(stagesOf(lines).length);
    expect(imagesOf(reference)).toEqual(pinned);
    expect(pnpmOf(lines)).toEqual(pnpmOf(reference));
  });

  it('ends without a shell, as an unprivileged user whose files belong to root', () => {
    expect(last).toContain('USER 65532:65532');
    expect(last.filter((line) => line.startsWith('RUN'))).toEqual([]);
    expect(last.filter((line) => line.startsWith('COPY'))).toEqual([
      'COPY --from=build --chown=0:0 /repository/packages/sallyport/bundle /sallyport',
    ]);
  });

  it('starts the command that the package has, as the sidecar', () => {
    const read = (name: string) =>
      JSON.parse(last.find((line) => line.startsWith(name))?.slice(name.length) ?? '[]');
    const { spec } = readService('sidecar.yaml') as CloudRunService;

    expect(read('ENTRYPOINT')).toEqual(['/nodejs/bin/node', '/sallyport/main.js']);
    expect(read('CMD')).toEqual(spec.template.spec.containers[0]?.args);
  });
});

it('parent.Dockerfile starts the same files behind an init, as an unprivileged user', () => {
  const text = readImageFile('parent.Dockerfile');
  const [, entry = '[]'] = /^ENTRYPOINT (.*)$/m.exec(text) ?? [];
  const [, words = '[]'] = /^CMD (.*)$/m.exec(text) ?? [];
  const [, main = '[]'] = /^ENTRYPOINT (.*)$/m.exec(readImageFile('Dockerfile')) ?? [];
  const { spec } = parse(readServiceText('parent.yaml')) as CloudRunService;
  const args = spec.template.spec.containers[0]?.args ?? [];

  expect(JSON.parse(entry)).toEqual(['/usr/bin/tini', '--', ...JSON.parse(main)]);
  expect(text).toMatch(/^USER 65532:65532$/m);
  expect(text).not.toMatch(/--chown|chmod/);
  expect(args.slice(args.indexOf('--'))).toEqual(JSON.parse(words).slice(1));
});
