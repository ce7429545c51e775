import type { SecretProvider } from '@sallyport/core';
import type { ConfigListener } from '../config-event.ts';
import { loadPackage } from '../optional-package.ts';
import { type Problems, toConfigError } from '../report/problems.ts';
import { isPlaceholder, refusePlaceholder } from '../values/placeholders.ts';
import type { Settings } from '../values/settings.ts';
import { gcpProjectId, secretBackend, secretCacheTtl } from '../variables/server-variables.ts';

/** Options for {@link openSecretBackend}. */
export interface SecretBackendOptions {
  readonly secrets?: SecretProvider;
  readonly gcpClientOptions?: Readonly<Record<string, unknown>>;
  readonly report: ConfigListener;
  readonly problems: Problems;
}

/** Whether a misspelt backend may hold what seems to be missing. */
function isSecretManagerMeant({ textOf }: Settings): boolean {
  return /gcp|google|gsm|secret.?man/i.test(textOf(secretBackend));
}

/** `undefined` where secrets are in the environment; `unusable` where a problem has been found. */
export async function openSecretBackend(
  settings: Settings,
  { secrets, gcpClientOptions, report, problems }: SecretBackendOptions,
): Promise<SecretProvider | 'unusable' | undefined> {
  const backend = settings.read(secretBackend);
  const cacheTtlSeconds = settings.read(secretCacheTtl);
  if (secrets !== undefined) return secrets;
  const isMisspelt = settings.isUnknown(secretBackend);
  if (isMisspelt && isSecretManagerMeant(settings)) return 'unusable';
  if (isMisspelt || backend === 'env') return undefined;
  const projectId = settings.require(gcpProjectId);
  if (projectId === undefined) return 'unusable';
  if (isPlaceholder(projectId)) {
    refusePlaceholder(settings, gcpProjectId, projectId);
    return 'unusable';
  }
  try {
    const { createGcpSecrets } = await loadPackage(
      '@sallyport/secrets-gcp',
      secretBackend.name,
      () => import('@sallyport/secrets-gcp'),
    );
    return createGcpSecrets({
      projectId,
      cacheTtlSeconds,
      onEvent: report,
      ...(gcpClientOptions !== undefined && { clientOptions: gcpClientOptions }),
    });
  } catch (error) {
    const { option, problem } = toConfigError(error);
    problems.add(option === 'gcp.projectId' ? gcpProjectId.name : option, problem);
    return 'unusable';
  }
}
