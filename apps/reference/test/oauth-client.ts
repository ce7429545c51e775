/** A person with an MCP client: the SDKs' own OAuth code, and a browser made of fetch. */
import { authorizeHeadlessly } from '@sallyport/testing';

const redirectUrl = 'http://localhost:7777/callback';

/** An `OAuthClientProvider` of both SDK lines that keeps everything in memory. */
export function createOAuthClient({
  subject,
  grantTypes,
}: {
  readonly subject: string;
  readonly grantTypes: readonly string[];
}) {
  const kept: {
    client?: { client_id: string };
    tokens?: { access_token: string; token_type: string; scope?: string; refresh_token?: string };
    verifier?: string;
    authorizationUrl?: URL;
    discovery?: unknown;
  } = {};

  return {
    kept,
    redirectUrl,
    clientMetadata: {
      client_name: 'test client',
      redirect_uris: [redirectUrl],
      grant_types: [...grantTypes],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
    clientInformation: () => kept.client,
    saveClientInformation: (client: { client_id: string }) => {
      kept.client = client;
    },
    tokens: () => kept.tokens,
    saveTokens: (tokens: NonNullable<typeof kept.tokens>) => {
      kept.tokens = tokens;
    },
    saveCodeVerifier: (verifier: string) => {
      kept.verifier = verifier;
    },
    codeVerifier: () => kept.verifier ?? '',
    redirectToAuthorization: (url: URL) => {
      kept.authorizationUrl = url;
    },
    invalidateCredentials: (what: 'all' | 'client' | 'tokens' | 'verifier' | 'discovery') => {
      if (what === 'all' || what === 'tokens') delete kept.tokens;
      if (what === 'all' || what === 'client') delete kept.client;
    },

    saveDiscoveryState: (state: unknown) => {
      kept.discovery = state;
    },
    // biome-ignore lint/suspicious/noExplicitAny: each SDK line has its own type for it
    discoveryState: () => kept.discovery as any,

    /** The person signs in and allows what the client asked for, or does not. */
    async consent({ deny = false } = {}): Promise<URLSearchParams> {
      if (kept.authorizationUrl === undefined) throw new Error('nobody was asked');
      const back = await authorizeHeadlessly(kept.authorizationUrl, { subject, deny });
      delete kept.authorizationUrl;
      return back.searchParams;
    },
  };
}
