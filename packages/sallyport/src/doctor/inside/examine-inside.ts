/** Everything that this server needs from others, step by step. */
import { failed, passed, type Step, warning } from '../../diagnosis/step.ts';
import { type LoadedSettings, loadSettings } from '../../settings/load-settings.ts';
import type { SettingsSource } from '../../settings/settings-source.ts';
import type { Surroundings } from '../../surroundings.ts';
import type { Section } from '../section.ts';
import { readApiKeyStep } from './api-key-step.ts';
import { readDenialStep } from './denial-step.ts';
import { examineProviders } from './provider-section.ts';
import { readRedisStep } from './redis-step.ts';
import { listSecretSteps } from './secret-steps.ts';
import { readSignInStep } from './sign-in-step.ts';
import { withTrialGate } from './trial-gate.ts';

/** Looks at settings, secrets, the identity provider and Redis. */
export async function examineInside(
  source: SettingsSource,
  surroundings: Surroundings,
): Promise<readonly Section[]> {
  const loaded = await loadSettings(source, { readsSecrets: true });
  const { config } = loaded;
  const settings: Section = { title: 'Settings', steps: listSettingsSteps(loaded, source) };
  if (config === undefined) return [settings];
  // Without the sign-in, the gate names the issuer of the tokens.
  const atProvider = { ...config, signIn: undefined };
  return withTrialGate(atProvider, surroundings.signal, async (gate) => {
    const sections = [settings, ...(await examineProviders(atProvider, gate, surroundings))];
    if (config.signIn !== undefined) {
      const step = await readSignInStep(config, surroundings.signal);
      sections.push({ title: 'Sign-in at this server', steps: [step] });
    }
    if (config.rateLimit?.redisUrl !== undefined) {
      const step = readRedisStep(await gate.findRedisFault());
      sections.push({ title: 'Rate limit', steps: [step] });
    }
    if (config.denialList !== undefined) {
      const step = await readDenialStep(config.denialList, surroundings.now());
      sections.push({ title: 'Denial list', steps: [step] });
    }
    if (config.apiKeys !== undefined) {
      const { resource, apiKeys } = config;
      const step = await readApiKeyStep(apiKeys, { resource, now: surroundings.now });
      sections.push({ title: 'API keys', steps: [step] });
    }
    return sections;
  });
}

function listSettingsSteps(loaded: LoadedSettings, { name }: SettingsSource): readonly Step[] {
  const secrets = listSecretSteps(loaded);
  const { config, problems } = loaded;
  if (config !== undefined) {
    const warnings = config.warnings.map((text) => warning('setting', { summary: text }));
    return [passed('settings', `in order, from ${name}`), ...secrets, ...warnings];
  }
  const steps = problems.map(({ variable: wrong, problem }) =>
    failed('settings', {
      summary: wrong ?? 'a secret cannot be read',
      owner: 'this server',
      cure: wrong === undefined ? problem : `${wrong} ${problem}`,
    }),
  );
  // A secret that cannot be read is the reason why its variable is missing.
  return [...secrets, ...steps];
}
