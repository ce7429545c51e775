/** The issuers that the settings trust, each with the rules that hold for its tokens. */
import { type Config, settingsFrom } from '@sallyport/config';

/** One of several issuers. */
export interface TrustedEntry {
  readonly issuer: string;
  /** The settings as they would be for this issuer alone. */
  readonly config: Config;
}

/** @returns Empty where there are not several: then the settings are those of the only one. */
export async function listTrustedIssuers(config: Config): Promise<readonly TrustedEntry[]> {
  const { authentication } = config;
  if (authentication.type !== 'jwt' || authentication.others.length === 0) return [];
  // A preset knows its issuer. Nothing is connected to.
  const alone: Config = {
    ...config,
    ...{ rateLimit: undefined, callQuota: undefined, denialList: undefined },
    ...{ apiKeys: undefined, secrets: undefined },
  };
  const { issuer, dispose } = await settingsFrom(alone, { tools: config.toolScopes ?? {} });
  await dispose?.();
  const names = [issuer].flat();
  return [authentication, ...authentication.others].map((entry, index) => {
    const name: unknown = names[index];
    return {
      issuer: typeof name === 'object' && name !== null ? String(Reflect.get(name, 'issuer')) : '',
      config: { ...alone, authentication: { ...entry, others: [] } },
    };
  });
}

const variable = 'FASTMCP_SERVER_AUTH_JWT_';
const members: ReadonlyMap<string, string> = new Map([
  ['ISSUER', 'issuer'],
  ['JWKS_URI', 'jwks_uri'],
  ['ALGORITHM', 'algorithm'],
  ['AUDIENCE', 'audience'],
  ['PROVIDER', 'provider'],
  ['TENANT', 'tenant'],
  ['CLIENT_IDS', 'client_ids'],
]);

/** Names the member of an entry in place of the variable of a single issuer. */
export function nameEntry(text: string, index: number): string {
  return text.replace(/FASTMCP_SERVER_AUTH_JWT_([A-Z_]+)\b/g, (whole, name: string) => {
    const member = members.get(name);
    return member === undefined ? whole : `${variable}ISSUERS[${index}].${member}`;
  });
}
