/** Secrets in Google Cloud Secret Manager. */
import { z } from 'zod';
import { loadPackage } from '../../optional-package.ts';
import { exactText, prefix, type Variable } from '../../variables/variable.ts';
import type { SecretBackend } from './secret-backend.ts';

/** Also names the project in traces. */
export const gcpProjectId: Variable<string | undefined> = {
  ...exactText('GCP_PROJECT_ID', {
    meaning: 'For `gcp_secret_manager`: the project of Secret Manager',
    cure: 'Set it to the id of the project that has the secrets',
  }),
  name: 'GCP_PROJECT_ID',
  allowed: 'the id of a project, such as acme-notes-123456',
  schema: () => z.string().regex(/^(?:(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]|\d{1,20})$/),
  secretNames: [],
};

export const secretManagerBackend: SecretBackend = {
  name: 'gcp_secret_manager',
  hint: /^(?!.*a(ws|mazon)).*(gcp|google|gsm|secret.?man)/i,
  scheme: 'gcp-sm',
  referenceForm: 'gcp-sm://name or gcp-sm://name@version',
  variables: [gcpProjectId],
  variableOf: { 'gcp.projectId': gcpProjectId },

  prepare(settings, { cacheTtlSeconds, gcpClientOptions: clientOptions, onEvent }) {
    const projectId = settings.require(gcpProjectId);
    if (projectId === undefined) return undefined;
    return {
      nameOf: (secret) => secret,
      async open() {
        const { createGcpSecrets } = await loadPackage(
          '@sallyport/secrets-gcp',
          `${prefix}SECRET_BACKEND`,
          () => import('@sallyport/secrets-gcp'),
        );
        return createGcpSecrets({ projectId, cacheTtlSeconds, clientOptions, onEvent });
      },
    };
  },
};
