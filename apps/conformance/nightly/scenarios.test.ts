/** The scenarios for the official suite: they pass on good servers, and each check fails on a server with its defect. */
import { findFreePort } from '@sallyport/test-parts/free-port';
import { describe, expect, it } from 'vitest';
import { ScopeStepUpScenario } from '../scenarios/scope-step-up.ts';
import type { ConformanceCheck, SpecVersion } from '../scenarios/suite.ts';
import { TokenAudienceScenario } from '../scenarios/token-audience.ts';
import { VersionDowngradeScenario } from '../scenarios/version-downgrade.ts';
import {
  type Defect,
  type ScenarioServer,
  startGatedServer,
  startPlainServer,
} from './scenario-servers.ts';

const scenarios = {
  audience: TokenAudienceScenario,
  downgrade: VersionDowngradeScenario,
  stepUp: ScopeStepUpScenario,
} as const;
type ScenarioName = keyof typeof scenarios;

async function run(
  name: ScenarioName,
  specVersion: SpecVersion,
  start: (port: number) => Promise<ScenarioServer>,
): Promise<readonly ConformanceCheck[]> {
  const port = await findFreePort();
  const server = await start(port);
  try {
    return await new scenarios[name](port).run({ serverUrl: server.url, specVersion });
  } finally {
    await server.stop();
  }
}

const failed = (checks: readonly ConformanceCheck[]) =>
  checks
    .filter(({ status }) => status !== 'SUCCESS')
    .map(({ id, status, errorMessage }) => [id, status, errorMessage]);

describe.each(['2025-11-25', '2026-07-28'] as const)('by revision %s', (revision) => {
  it.each([
    ['audience', 9],
    ['downgrade', 6],
    ['stepUp', 7],
  ] as const)('passes %s behind our gate and on a small good server', async (name, count) => {
    const gated = await run(name, revision, (port) => startGatedServer(revision, port));
    const plain = await run(name, revision, (port) => startPlainServer(undefined, port));

    expect(failed(gated)).toEqual([]);
    expect(failed(plain)).toEqual([]);
    expect([gated.length, plain.length]).toEqual([count, count]);
  });
});

const audience = 'auth-audience-';
const downgrade = 'auth-downgrade-';
const stepUp = 'auth-step-up-';

it.each<[Defect, ScenarioName, readonly string[]]>([
  [
    'any-audience',
    'audience',
    ['other-host', 'sibling', 'prefix', 'absent', 'empty', 'list', 'client']
      .map((each) => `${audience}${each}-rejected`)
      .concat(`${audience}challenge`),
  ],
  [
    'audience-prefix',
    'audience',
    ['sibling', 'prefix', 'list'].map((each) => `${audience}${each}-rejected`),
  ],
  ['audience-if-present', 'audience', [`${audience}absent-rejected`, `${audience}empty-rejected`]],
  ['no-error-code', 'audience', [`${audience}challenge`]],
  [
    'old-version-open',
    'downgrade',
    [`${downgrade}token-required`, `${downgrade}audience-validated`],
  ],
  ['old-version-any-audience', 'downgrade', [`${downgrade}audience-validated`]],
  ['unknown-version-served', 'downgrade', [`${downgrade}unknown-version-rejected`]],
  ['batch-unchecked', 'downgrade', [`${downgrade}batch-scope-enforced`]],
  ['trusts-mirrored-name', 'downgrade', [`${downgrade}mirrored-name-rejected`]],
  ['no-scopes', 'downgrade', [`${downgrade}scope-enforced`, `${downgrade}mirrored-name-rejected`]],
  [
    'no-scopes',
    'stepUp',
    ['tool-not-run', 'forbidden', 'challenge', 'metadata'].map((each) => `${stepUp}${each}`),
  ],
  ['scope-is-401', 'stepUp', [`${stepUp}forbidden`]],
  ['challenge-without-scope', 'stepUp', [`${stepUp}challenge`]],
  ['challenge-without-metadata', 'stepUp', [`${stepUp}metadata`]],
  ['foreign-metadata', 'stepUp', [`${stepUp}metadata`]],
  ['refuses-more-scopes', 'stepUp', [`${stepUp}retry-accepted`]],
  ['forgets-after-refusal', 'stepUp', [`${stepUp}retry-accepted`, `${stepUp}first-token-kept`]],
  ['scope-before-expiry', 'stepUp', [`${stepUp}expired-first`]],
])('finds %s with %s', async (defect, name, ids) => {
  const checks = await run(name, '2026-07-28', (port) => startPlainServer(defect, port));

  const found = failed(checks).map(([id]) => id);
  expect(found.toSorted()).toEqual(ids.toSorted());
});

it.each(Object.keys(scenarios) as ScenarioName[])(
  'does not pass %s on a server that refuses everything',
  async (name) => {
    const checks = await run(name, '2025-11-25', (port) =>
      startPlainServer('refuses-everything', port),
    );

    expect(failed(checks)).toHaveLength(checks.length);
    expect(checks.every(({ details }) => details?.['untestable'] === true)).toBe(true);
  },
);

it('skips the audience of a server without authorization, which is optional', async () => {
  const checks = await run('audience', '2025-11-25', (port) =>
    startPlainServer('no-authorization', port),
  );

  expect(new Set(checks.map(({ status }) => status))).toEqual(new Set(['SKIPPED']));
});
