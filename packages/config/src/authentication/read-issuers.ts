/** Several issuers: each entry of the list is read as if its members were the variables. */
import type { Environment } from '@sallyport/core';
import type { Provider } from '@sallyport/verifier-jwt/providers';
import type { JwtAuthentication } from '../config.ts';
import { comparesAudience, needsClients } from '../provider-rules/audience-form.ts';
import type { Settings } from '../values/settings.ts';
import {
  clockSkew,
  jwksCacheTtl,
  jwksUri,
  jwtAlgorithm,
  jwtAudience,
  jwtClientIds,
  jwtIssuer,
  jwtIssuers,
  jwtMaximumLifetime,
  jwtProvider,
  jwtRequiredScopes,
  jwtTenant,
  listedIssuers,
  publicKey,
} from '../variables/jwt-variables.ts';
import { authorizationServers, toolScopes } from '../variables/server-variables.ts';
import type { Variable } from '../variables/variable.ts';
import { readJwt } from './read-jwt.ts';

/** The members of an entry, and the variables that they stand for. */
const members: ReadonlyMap<string, Variable> = new Map<string, Variable>([
  ['issuer', jwtIssuer],
  ['provider', jwtProvider],
  ['tenant', jwtTenant],
  ['audience', jwtAudience],
  ['client_ids', jwtClientIds],
  ['algorithm', jwtAlgorithm],
  ['jwks_uri', jwksUri],
  ['max_lifetime_seconds', jwtMaximumLifetime],
]);

// What an entry does not say, these say for all entries.
const shared = [jwtAlgorithm, jwtMaximumLifetime, clockSkew, jwksCacheTtl];
// The checks of an entry look at these, too.
const ofAll = [jwtRequiredScopes, toolScopes, authorizationServers];

type Entry = Readonly<Record<string, string | readonly string[]>>;

/** Whether the variables name several issuers. */
export function namesSeveral(settings: Settings): boolean {
  return settings.isSet(jwtIssuers) || listedIssuers(settings.textOf(jwtIssuer)).length > 1;
}

/** The authentication of the first issuer, with the others in it. */
export function readIssuers(
  settings: Settings,
  environment: Environment,
  providers: readonly Provider[],
): JwtAuthentication {
  refuseForOne(settings);
  const variable = settings.isSet(jwtIssuers) ? jwtIssuers : jwtIssuer;
  const entries: readonly Entry[] = settings.isSet(jwtIssuers)
    ? settings.read(jwtIssuers)
    : listedIssuers(settings.textOf(jwtIssuer)).map((issuer) => ({ issuer }));
  for (const each of [...shared, jwtAudience]) settings.read(each as Variable);
  const isFrontDoor = ({ provider }: Entry) =>
    providers.some(({ name, credentialField }) => name === provider && credentialField);
  const read = entries.flatMap((entry, index) => {
    if (isFrontDoor(entry)) return [];
    const place = `${variable.name}[${index}]`;
    refuseUnknownMembers(settings, entry, index);
    const own = settings.entry(variable, (name) => memberOf(name, place), new Map(textsOf(entry)), [
      ...shared,
      ...ofAll,
      ...(sharesAudience(entry, providers) ? [jwtAudience] : []),
    ]);
    refuseHmac(settings, own);
    return [readJwt(own, environment, providers, 'entry')];
  });
  const frontDoor = entries.find(isFrontDoor);
  if (frontDoor !== undefined) {
    settings.refuse(
      variable,
      `must not have ${frontDoor['provider']} in it: its tokens come in another field. Set ${jwtProvider.name}=${frontDoor['provider']} alone`,
    );
  }
  const [first, ...others] = read;
  if (first === undefined) {
    settings.answer(jwtIssuer, jwksUri);
    return readJwt(settings, environment, providers);
  }
  return { ...first, others };
}

function refuseForOne(settings: Settings): void {
  if (settings.isSet(jwksUri)) {
    settings.refuse(
      jwksUri,
      `has the keys of one issuer, and there are several. Take it away: the metadata of each issuer names its keys. Otherwise set jwks_uri in an entry of ${jwtIssuers.name}`,
    );
  }
  if (settings.isSet(publicKey)) {
    settings.refuse(
      publicKey,
      'is the key of one issuer, and there are several. Take it away: the keys of several issuers are fetched',
    );
  }
  const isList = settings.isSet(jwtIssuers);
  for (const variable of [...(isList ? [jwtIssuer] : []), jwtProvider, jwtTenant, jwtClientIds]) {
    if (!settings.isSet(variable)) continue;
    settings.refuse(
      variable,
      isList
        ? `must not be set beside ${jwtIssuers.name}. Write it into the entries of that list`
        : `is for one issuer, and there are several. Set ${jwtIssuers.name}, whose entries have it each`,
    );
  }
}

function refuseHmac(settings: Settings, entry: Settings): void {
  if (!entry.textOf(jwtAlgorithm).startsWith('HS')) return;
  const problem =
    'must not be an HMAC algorithm where there are several issuers: whoever has the shared secret can sign the tokens of each. Use an asymmetric algorithm such as RS256';
  if (settings.textOf(jwtAlgorithm).startsWith('HS')) settings.refuse(jwtAlgorithm, problem);
  else entry.refuse(jwtAlgorithm, problem);
}

function refuseUnknownMembers(settings: Settings, entry: Entry, index: number): void {
  for (const name of Object.keys(entry)) {
    if (members.has(name)) continue;
    settings.refuse(
      jwtIssuers,
      `has an unknown member in entry ${index}: an entry may have ${[...members.keys()].join(', ')}`,
    );
  }
}

function textsOf(entry: Entry): readonly (readonly [string, string])[] {
  return Object.entries(entry).flatMap(([name, value]) => {
    const variable = members.get(name);
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return variable === undefined ? [] : [[variable.name, text] as const];
  });
}

/** Tokens of other providers name their clients, or their tenant. */
function sharesAudience({ provider }: Entry, providers: readonly Provider[]): boolean {
  const named = providers.find(({ name }) => name === provider);
  return named === undefined || (comparesAudience(named) && !needsClients(named));
}

function memberOf(variable: string, place: string): string {
  const member = [...members].find(([, { name }]) => name === variable)?.[0];
  return member === undefined ? variable : `${place}.${member}`;
}
