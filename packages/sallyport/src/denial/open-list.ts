/** Opens the list that the settings name. An operator in a hurry may have that one variable and no other. */
import { isAbsolute, resolve } from 'node:path';
import type { DenialPlace } from '@sallyport/config';
import { Secret } from '@sallyport/core';
import type { DenialStore } from '@sallyport/denial';
import { createFileDenialStore } from '@sallyport/denial/file';
import { createRedisDenialStore } from '@sallyport/denial/redis';
import { connectRedis } from '@sallyport/rate-limit-redis';
import { loadSettings } from '../settings/load-settings.ts';
import { reportProblems } from '../settings/report-problems.ts';
import { readSettingsSource, type SettingsOptions } from '../settings/settings-source.ts';
import type { Surroundings } from '../surroundings.ts';

const variable = 'FASTMCP_SERVER_AUTH_DENIAL_LIST';

/** Options of every command about the list. */
export interface ListOptions extends SettingsOptions {
  /** The list, in place of the one that the settings name. */
  readonly file?: string;
  readonly json?: boolean;
}

/** A list, and what is known about the server that it belongs to. */
export interface OpenList {
  readonly store: DenialStore;
  /** The issuers that the server trusts. Empty if that is not known. */
  readonly issuers: readonly string[];
  close(): void;
}

/** @returns The list, or the exit code after a report of what is wrong. */
export async function openList(
  options: ListOptions,
  surroundings: Surroundings,
): Promise<OpenList | number> {
  const { file } = options;
  const source = readSettingsSource(options, surroundings);
  const written = source.hidden.has(variable) ? '' : (source.variables[variable] ?? '').trim();
  const isPlain = /^(?:\/|rediss?:\/\/)/.test(written);
  // A secret is read only where the address of the list is one.
  const { config, problems } = await loadSettings(source, {
    readsSecrets: file === undefined && !isPlain,
  });
  const issuers = issuersOf(config?.authentication);
  if (file !== undefined) {
    const path = isAbsolute(file) ? file : resolve(surroundings.folder, file);
    return { store: createFileDenialStore({ path }), issuers, close() {} };
  }
  await config?.secrets?.close?.();
  const place = isPlain ? placeOf(written) : config?.denialList;
  if (place === undefined) {
    const problem =
      'is missing: set it to a file that every instance sees, such as /etc/sallyport/denied.json, or to redis:// or rediss://. For another file, use --file';
    const missing = { variable, problem, isOutage: false };
    return reportProblems(
      problems.length > 0 ? problems : [missing],
      source,
      surroundings,
      options,
    );
  }
  if ('path' in place) {
    return { store: createFileDenialStore({ path: place.path }), issuers, close() {} };
  }
  const client = await connectRedis({ url: place.redisUrl.reveal(), timeoutSeconds: 1 });
  return {
    store: createRedisDenialStore({ client }),
    issuers,
    close: () => client.disconnect(),
  };
}

function placeOf(text: string): DenialPlace {
  return text.startsWith('/') ? { path: text } : { redisUrl: new Secret(text) };
}

function issuersOf(authentication: object | undefined): readonly string[] {
  const issuer: unknown = authentication && Reflect.get(authentication, 'issuer');
  const listed = Array.isArray(issuer) ? issuer : [issuer];
  return listed.filter((each) => typeof each === 'string' && !each.includes('{'));
}
