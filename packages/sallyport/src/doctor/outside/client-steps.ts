/** Which of the usual clients can sign in, and why the others cannot. Facts of November 2026. */
import { passed, type Step, warning } from '../../diagnosis/step.ts';
import { isPublic, type ServerFacts } from './server-facts.ts';

interface Obstacle {
  readonly reason: string;
  readonly cure: string;
}

type Need = (facts: ServerFacts) => Obstacle | undefined;

const needs =
  (holds: (facts: ServerFacts) => boolean, reason: string, cure: string): Need =>
  (facts) =>
    holds(facts) ? undefined : { reason, cure };

const discoverable: readonly Need[] = [
  needs(
    (facts) => facts.hasChallenge,
    'no challenge leads to the metadata',
    'Repair the step "challenge" above.',
  ),
  needs((facts) => facts.hasMetadata, 'there is no metadata', 'Repair the step "metadata" above.'),
  needs(
    (facts) => facts.isResourceExact,
    '"resource" is not this URL',
    'Repair the step "resource" above.',
  ),
  needs(
    (facts) => facts.isIssuerExact,
    'the issuer is not exact',
    'Repair the step "issuer" above.',
  ),
  needs(
    (facts) => facts.hasS256,
    'the authorization server does not announce S256',
    'Have it announce code_challenge_methods_supported: ["S256"].',
  ),
];
const reachable = needs(
  ({ url }) => isPublic(url),
  'it connects from the Internet, and this address is not there',
  'Publish the server at an https address, or use a tunnel.',
);
const publicClient = needs(
  (facts) => facts.takesPublicClients,
  'the authorization server wants a client secret, and it has none',
  'Allow "none" in token_endpoint_auth_methods_supported.',
);
const registers = (cure: string): Need =>
  needs(
    ({ hasRegistration, takesDocuments }) => hasRegistration || takesDocuments,
    'it cannot register by itself',
    cure,
  );
const registersItself = (cure: string): Need =>
  needs(({ hasRegistration }) => hasRegistration, 'it cannot register by itself', cure);

const clients: readonly (readonly [name: string, needs: readonly Need[]])[] = [
  [
    'Claude',
    [
      ...discoverable,
      reachable,
      registers(
        'Register https://claude.ai/api/mcp/auth_callback at the provider, and enter the client id under "Advanced settings" of the connector.',
      ),
    ],
  ],
  [
    'Claude Code',
    [
      ...discoverable,
      publicClient,
      registers(
        'Register http://localhost:8787/callback at the provider, then: claude mcp add --transport http --client-id <id> --callback-port 8787',
      ),
    ],
  ],
  [
    'Codex',
    [
      ...discoverable,
      publicClient,
      registersItself(
        'Codex signs in with a registered client alone. Allow registration, or set bearer_token_env_var in config.toml.',
      ),
    ],
  ],
  [
    'ChatGPT',
    [
      ...discoverable,
      reachable,
      registers(
        'Allow registration or client id metadata documents, or enter a client id in the connector.',
      ),
    ],
  ],
  [
    'VS Code',
    [
      ...discoverable,
      publicClient,
      registers(
        'Register http://127.0.0.1:33418/ and https://vscode.dev/redirect at the provider. VS Code then asks for the client id.',
      ),
    ],
  ],
  [
    'Cursor',
    [
      ...discoverable,
      publicClient,
      registersItself(
        'Register cursor://anysphere.cursor-mcp/oauth/callback at the provider, and write the client id into mcp.json as auth.CLIENT_ID.',
      ),
    ],
  ],
  [
    'Gemini CLI',
    [
      ...discoverable,
      publicClient,
      registersItself(
        'Register http://localhost:7777/oauth/callback at the provider, and write the client id into settings.json as oauth.clientId, with oauth.enabled.',
      ),
    ],
  ],
  [
    'Inspector',
    [
      ...discoverable,
      publicClient,
      registers(
        'Register http://localhost:6274/oauth/callback at the provider, and enter the client id under "Authentication".',
      ),
      needs(
        (facts) => facts.isReadableByPages,
        'a page may not read the metadata or the challenge',
        'Choose "Via Proxy" in the Inspector, or send the CORS fields.',
      ),
    ],
  ],
];

/** A verdict for each client. A client that cannot sign in is no fault of the server by itself. */
export function listClientSteps(facts: ServerFacts): readonly Step[] {
  return clients.map(([name, wanted]) => {
    const [first] = wanted.flatMap((need) => need(facts) ?? []);
    if (first !== undefined)
      return warning(name, { summary: `no: ${first.reason}`, cure: first.cure });
    return passed(
      name,
      `signs in${facts.hasRegistration ? ', and registers by itself' : ', with a client id metadata document'}`,
    );
  });
}
