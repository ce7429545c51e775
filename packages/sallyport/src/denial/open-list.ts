/** Opens the list that the settings name. An operator in a hurry may have that one variable and no other. */
import { isAbsolute, resolve } from 'node:path';
import type { Config, DenialPlace } from '@sallyport/config';
import { Secret } from '@sallyport/core';
import { loadSettings } from '../settings/load-settings.ts';
import { reportProblems } from '../settings/report-problems.ts';
import { readSettingsSource, type SettingsOptions } from '../settings/settings-source.ts';
import { listTrustedIssuers } from '../settings/trusted-issuers.ts';
import type { Surroundings } from '../surroundings.ts';
import { type OpenStore, openStore } from './open-store.ts';

const variable = 'FASTMCP_SERVER_AUTH_DENIAL_LIST';

/** Options of every command about the list. */
export interface ListOptions extends SettingsOptions {
  /** The list, in place of the one that the settings name. */
  readonly file?: string;
  readonly json?: boolean;
}

/** A list, and what is known about the server that it belongs to. */
export interface OpenList extends OpenStore {
  /** The issuers that the server trusts. Empty if that is not known. */
  readonly issuers: readonly string[];
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
  const issuers = config === undefined ? [] : await issuersOf(config);
  if (file !== undefined) {
    const path = isAbsolute(file) ? file : resolve(surroundings.folder, file);
    return { ...(await openStore({ path })), issuers };
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
  return { ...(await openStore(place)), issuers };
}

function placeOf(text: string): DenialPlace {
  return text.startsWith('/') ? { path: text } : { redisUrl: new Secret(text) };
}

async function issuersOf(config: Config): Promise<readonly string[]> {
  const { authentication } = config;
  const trusted = await listTrustedIssuers(config);
  const only = 'issuer' in authentication ? authentication.issuer : undefined;
  const names = trusted.length === 0 ? [only] : trusted.map(({ issuer }) => issuer);
  // An issuer of any tenant has a place for the tenant in it.
  return names.filter((name): name is string => name !== undefined && !name.includes('{'));
}
