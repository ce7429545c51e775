/** The files of a deployment are held against what they speak of. */
import { existsSync, readFileSync } from 'node:fs';
import { createGateFromConfig, loadConfig } from '@sallyport/config';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { toolScopes } from '../src/notes/tool-scopes.ts';
import {
  holdSecrets,
  own,
  readReference,
  readScenario,
  repository,
  type Variables,
} from './deployment.ts';

async function boot(variables: Variables, secrets: Variables) {
  const config = await loadConfig(variables, { secrets: holdSecrets(secrets), nodeArguments: [] });
  const gate = await createGateFromConfig(config, { tools: toolScopes, audit: { emit: () => {} } });
  onTestFinished(() => gate.close());
  return config;
}

describe('Dockerfile (CFG-18)', () => {
  const lines = readReference('Dockerfile')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const stages = lines.filter((line) => line.startsWith('FROM '));
  const last = lines.slice(lines.lastIndexOf(stages.at(-1) ?? ''));

  it('CASE-14: pins every stage to a version and a digest', () => {
    const own = /^FROM runtime( AS \w+)?$/;
    expect(stages).toHaveLength(4);
    expect(stages[1]).toMatch(/ AS runtime$/);
    for (const stage of stages.filter((stage) => !own.test(stage))) {
      expect(stage).toMatch(
        /^FROM (node:\d+\.\d+\.\d+-\S+|gcr\.io\/distroless\/nodejs\d+-debian\d+:nonroot)@sha256:[0-9a-f]{64}( AS \w+)?$/,
      );
    }
  });

  it('runs the Node and the pnpm that the repository runs', () => {
    const workspace = readFileSync(new URL('pnpm-workspace.yaml', repository), 'utf8');
    const { packageManager } = JSON.parse(
      readFileSync(new URL('package.json', repository), 'utf8'),
    );
    const [major] = parse(workspace).nodeVersion.split('.');
    const used = lines.flatMap((line) => /pnpm@[\d.]+/.exec(line) ?? []);

    expect(stages[0]).toContain(`node:${parse(workspace).nodeVersion}-`);
    expect(stages[1]).toContain(`nodejs${major}-`);
    expect(new Set(used)).toEqual(new Set([packageManager]));
  });

  it('ends in a stage without a shell, as nobody in particular, in production', () => {
    expect(last[0]).toBe('FROM runtime');
    expect(stages[1]).toContain('distroless');
    expect(stages[1]).not.toContain('debug');
    expect(last).toContain('USER 65532:65532');
    expect(last).toContain('ENV NODE_ENV=production');
    expect(last.filter((line) => line.startsWith('RUN'))).toEqual([]);
    const starts = last.filter((line) => /^(CMD|ENTRYPOINT)/.test(line));
    expect(starts.map((line) => JSON.parse(line.replace(/^\w+ /, '')))).toEqual([
      ['/nodejs/bin/node', '/app/main.js'],
    ]);
  });

  it('copies what a deployment has, and gives the server none of it to write', () => {
    const { scripts } = JSON.parse(readReference('package.json'));
    const [, out] = / --out (\S+) /.exec(scripts.bundle) ?? [];

    expect(last.filter((line) => line.startsWith('COPY'))).toEqual([
      `COPY --from=build --chown=0:0 /repository/apps/reference/${out} /app`,
      'COPY --from=compiled --chown=0:0 /tmp/compile-cache /compile-cache',
    ]);
    expect(existsSync(new URL('../src/main.ts', import.meta.url))).toBe(true);
  });

  it('lets the user and the Node of the image make its compile cache, which no other can use', () => {
    const compiled = lines.slice(
      lines.indexOf('FROM runtime AS compiled'),
      lines.indexOf('FROM runtime'),
    );

    expect(compiled).toContain('USER 65532:65532');
    expect(compiled.find((line) => line.startsWith('RUN'))).toBe(
      'RUN ["/nodejs/bin/node", "/image/compile-cache.ts", "/app", "/tmp/compile-cache"]',
    );
    expect(last).toContain('ENV NODE_COMPILE_CACHE=/compile-cache');
  });

  it('leaves secrets, and what was built elsewhere, out of its context', () => {
    const ignored = readFileSync(new URL('.dockerignore', repository), 'utf8').split('\n');

    expect(ignored).toEqual(
      expect.arrayContaining(['**/node_modules', '**/dist', '**/.env', '**/.env.*', '.git']),
    );
    expect(ignored.filter((line) => line.startsWith('!'))).toEqual([]);
  });
});

const layouts = [
  { file: 'service.yaml', disablesIam: 'true', hasProxy: undefined },
  { file: 'service-iap.yaml', disablesIam: undefined, hasProxy: 'true' },
  { file: 'service-iam.yaml', disablesIam: 'false', hasProxy: undefined },
];

describe.each(layouts)('$file', ({ file, disablesIam, hasProxy }) => {
  const text = readReference(file)
    .replaceAll('PROJECT_ID', (_match, at, all) =>
      all.slice(at - 4, at) === 'GCP_' ? 'PROJECT_ID' : (own['GCP_PROJECT_ID'] ?? ''),
    )
    .replaceAll('PROJECT_NUMBER', own['PROJECT_NUMBER'] ?? '')
    .replaceAll('REGION', own['REGION'] ?? '');
  const { metadata, spec } = parse(text);
  const [container] = spec.template.spec.containers;
  const variables: Variables = Object.fromEntries(
    container.env.map(({ name, value }: { name: string; value: string }) => [name, value]),
  );

  it('has variables that the server starts with on Cloud Run (RL-01)', async () => {
    const config = await boot(
      { ...variables, K_SERVICE: metadata.name, PORT: '8080' },
      {
        'notes-jwt-issuer': 'https://id.acme-corp.dev',
        'notes-jwt-audience': own['RESOURCE_URL'] ?? '',
        'notes-jwt-jwks-uri': 'https://id.acme-corp.dev/jwks',
      },
    );

    expect(config).toMatchObject({
      trustedProxyHops: 1,
      resource: own['RESOURCE_URL'],
      port: 8080,
    });
    expect(config.environment.isProduction).toBe(true);
    expect(config.warnings).toEqual([]);
  });

  it('starts fast, and has one instance while notes are in its memory', () => {
    const { annotations } = spec.template.metadata;
    expect(annotations['run.googleapis.com/startup-cpu-boost']).toBe('true');
    expect(annotations['autoscaling.knative.dev/maxScale']).toBe('1');
    expect(variables).not.toHaveProperty('NOTES_DATABASE');
    expect(container.resources.limits).toEqual({ cpu: '1', memory: '512Mi' });
  });

  it('asks for health where the server answers, and says what stands in front of the gate (CFG-16)', () => {
    expect(container.startupProbe.httpGet.path).toBe('/health');
    // It answers during a grace period, where /health is 503: a restart would cut the requests.
    expect(container.livenessProbe.httpGet.path).toBe('/.well-known/oauth-protected-resource');
    for (const [flag, probe] of [
      ['--startup-probe', container.startupProbe],
      ['--liveness-probe', container.livenessProbe],
    ]) {
      const { httpGet, periodSeconds, timeoutSeconds, failureThreshold } = probe;
      expect(readReference('deploy/deploy.sh')).toContain(
        `${flag} httpGet.path=${httpGet.path},periodSeconds=${periodSeconds},timeoutSeconds=${timeoutSeconds},failureThreshold=${failureThreshold}`,
      );
    }
    const { annotations } = metadata;
    expect(annotations['run.googleapis.com/invoker-iam-disabled']).toBe(disablesIam);
    expect(annotations['run.googleapis.com/iap-enabled']).toBe(hasProxy);
  });
});

describe('DEPLOY.md', () => {
  it.each([1, 2, 3, 4])(
    'has variables for scenario %i that the server starts with',
    async (number) => {
      const { variables, secrets } = readScenario(number);
      const config = await boot({ ...variables, K_SERVICE: 'notes', PORT: '8080' }, secrets);

      expect(config).toMatchObject({ trustedProxyHops: 1, resource: own['RESOURCE_URL'] });
      // An ID token of Google has no scopes that could be required.
      if (number !== 1) expect(config.warnings).toEqual([]);
    },
  );

  it.each([1, 2, 3, 4])(
    'lets the server read the secrets of scenario %i, and no other',
    (number) => {
      const { text, variables, secrets } = readScenario(number);
      const granted = /^for secret in (.*); do$/m.exec(text)?.[1]?.split(' ') ?? [];
      const named = Object.values(variables).flatMap(
        (value) => /^gcp-sm:\/\/(.*)$/.exec(value)?.[1] ?? [],
      );

      expect(granted.toSorted()).toEqual(Object.keys(secrets).toSorted());
      expect(named.toSorted()).toEqual(Object.keys(secrets).toSorted());
    },
  );

  it('has variables for a tunnel that the server starts with', async () => {
    const config = await boot(readScenario(5).variables, {});

    expect(config).toMatchObject({ trustedProxyHops: 1, resource: 'https://acme.ngrok.app/mcp' });
    expect(config.environment.isProduction).toBe(false);
  });

  it('makes no secret with a line break, and puts no IAM in front (CFG-16)', () => {
    const commands = [...readReference('DEPLOY.md').matchAll(/^```sh\n(.*?)^```$/gms)].map(
      ([, command]) => command,
    );

    expect(commands.join('\n')).not.toMatch(/echo |-allow-unauthenticated/);
    expect(commands.join('\n')).toContain('--no-invoker-iam-check');
  });

  it('deploys with the flags of deploy.sh', () => {
    const flagsOf = (name: string): readonly string[] => {
      const [, command = ''] =
        /^(?:run )?gcloud run deploy (.*?[^\\])$/ms.exec(readReference(name)) ?? [];
      const flags = command
        .replace(/\S*notes\.env\.yaml"?/, '')
        .match(/--[a-z-]+(?: [^-\s"$]\S*)?/g);
      return (flags ?? []).toSorted();
    };

    expect(flagsOf('DEPLOY.md').length).toBeGreaterThan(10);
    expect(flagsOf('DEPLOY.md')).toEqual(flagsOf('deploy/deploy.sh'));
  });
});
