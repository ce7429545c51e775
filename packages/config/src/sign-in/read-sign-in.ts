import { type Environment, Secret } from '@sallyport/core';
import type { Config, SignInConfig } from '../config.ts';
import { refusePlaceholder } from '../values/placeholders.ts';
import type { Settings } from '../values/settings.ts';
import { jwtIssuer } from '../variables/jwt-variables.ts';
import { authenticationType, authorizationServers } from '../variables/server-variables.ts';
import {
  signInClientId,
  signInClientSecret,
  signInClients,
  signInKey,
  signInOrigins,
  signInPreviousKey,
  signInTokenUrl,
  signInUrl,
  signInVariables,
} from '../variables/sign-in-variables.ts';

const kinds = ['entra', 'cognito', 'okta'] as const;

/** How people sign in at this server. `undefined`: clients are sent to the provider. */
export function readSignIn(
  settings: Settings,
  environment: Environment,
  authentication: Config['authentication'],
): SignInConfig | undefined {
  const clientId = settings.read(signInClientId);
  if (!settings.isSet(signInClientId)) {
    for (const variable of signInVariables) {
      if (settings.isSet(variable)) {
        settings.refuse(variable, `has no meaning without ${signInClientId.name}`);
      }
    }
    return undefined;
  }
  if (authentication.type !== 'jwt' && authentication.type !== 'introspection') {
    settings.refuse(signInClientId, `needs ${authenticationType.name}=jwt or introspection`);
  }
  if (authentication.type === 'jwt' && authentication.others.length > 0) {
    settings.refuse(
      signInClientId,
      `is for one issuer, and there are several: people sign in at one of them. Set ${jwtIssuer.name} to that one alone, or take the sign-in away`,
    );
  }
  if (settings.isSet(authorizationServers)) {
    settings.refuse(
      authorizationServers,
      `must not be set beside ${signInClientId.name}: clients sign in at this server`,
    );
  }
  const provider = authentication.type === 'jwt' ? authentication.provider : undefined;
  if (provider?.withoutScopes === true) {
    settings.refuse(
      signInClientId,
      'cannot stand here: this provider issues ID tokens to its own clients alone, and a client of MCP needs a token for this server',
    );
  }
  const kind = kinds.find((name) => name === provider?.name) ?? 'general';
  const needsUrl = kind === 'cognito' || kind === 'general';
  const url = needsUrl ? settings.require(signInUrl) : settings.read(signInUrl);
  const isGeneral = kind === 'general';
  const tokenUrl = isGeneral ? settings.require(signInTokenUrl) : settings.read(signInTokenUrl);
  const key = environment.isProduction ? settings.require(signInKey) : settings.read(signInKey);
  const clientSecret = settings.read(signInClientSecret);
  refusePlaceholder(settings, signInClientId, clientId, environment);
  return {
    kind,
    clientId: clientId ?? '',
    clientSecret: secretFrom(clientSecret),
    clientSecretName: settings.secretOf(signInClientSecret),
    key: secretFrom(key),
    previousKey: secretFrom(settings.read(signInPreviousKey)),
    allowedClients: settings.read(signInClients),
    signInOrigins: settings.read(signInOrigins),
    url,
    tokenUrl,
  };
}

function secretFrom(text: string | undefined): Secret | undefined {
  return text === undefined ? undefined : new Secret(text);
}
