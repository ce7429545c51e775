/** What the detail of a refusal says of tokens that were sent to the wrong place, or in place of another. */
import { audience, issuer } from '../fixture.ts';

type Row = readonly [found: string, detail: string | undefined];

const opaque =
  'an opaque token, but JWTs are configured: let the issuer issue JWTs, or use introspection';
const github = 'a token of GitHub, which only GitHub can check';
const apiKey = 'an API key, and not an access token';
const paseto = 'a PASETO, and not a JWT';

/** Credentials that are not JWTs. The second of two similar ones is not what the first one is. */
export const texts: readonly Row[] = [
  ['ghp_x', github],
  ['gho_x', github],
  ['github_pat_x', github],
  ['gha_x', opaque],
  ['xghp_x', opaque],
  ['glpat-x', 'a token of GitLab, which only GitLab can check'],
  ['xglpat-x', opaque],
  ['xoxb-x', 'a token of Slack, which only Slack can check'],
  ['xoxB-x', opaque],
  ['axoxb-x', opaque],
  ['sk-x', apiKey],
  ['pk_x', apiKey],
  ['tk_x', opaque],
  ['skx', opaque],
  ['xsk-x', opaque],
  ['v4.public.x', paseto],
  ['v3.local.x', paseto],
  ['v4.secret.x', 'not a JWT'],
  ['vx.public.x', 'not a JWT'],
  ['xv4.public.x', 'not a JWT'],
  ['PHNhbWwx', 'a SAML assertion, and not a JWT'],
  ['xPHNhbWwx', opaque],
  ['ya29.x', 'an opaque access token of Google, which only Google can check'],
  [
    'eyJ.a.b.c.d',
    'an encrypted token (JWE): Auth0 issues these to clients that name no audience or resource',
  ],
  ['eyJ.a.b.c.d.e', undefined],
  ['eyJ', 'a JWT that was cut off'],
  ['eyJ.a', 'a JWT that was cut off'],
  ['eyJ.a.b', undefined],
  ['xeyJ', opaque],
  ['a.b.c', 'not a JWT'],
  ['a.b', opaque],
  ['a.b.c.d', opaque],
];

const configured = `configured: ${audience}`;
const another = `for another server or client; ${configured}`;
const list = `a list in one text; it must be a JSON array; ${configured}`;
const account = `the default audience of Keycloak: add an audience mapper for this server to the client; ${configured}`;
const userinfo = `for the userinfo endpoint of the issuer: the client must name this server as resource or audience; ${configured}`;
const itself = `the issuer itself: the client must name this server as resource; ${configured}`;
const client = `the client of the token: an ID token has this, or an access token that was requested without a resource; ${configured}`;
const slash = `differs by a trailing slash from ${audience}`;
const path = `differs by the path from ${audience}`;

/** Values of `aud`. The tokens have the client `client-1`, and `azp-1` as authorized party. */
export const audiences: readonly (readonly [aud: string | readonly string[], detail: string])[] = [
  ['elsewhere', another],
  [`${audience}/`, slash],
  ['account', account],
  ['account/', account],
  [['elsewhere', 'account'], account],
  [['account', `${audience}/`], slash],
  [[`${audience}/`, 'account'], slash],
  [['client-1', 'account'], client],
  [issuer, itself],
  [`${issuer}/`, itself],
  [`${issuer}/userinfo`, userinfo],
  [`${issuer}/userinfo/`, userinfo],
  [`${issuer}/other`, another],
  ['https://elsewhere.example.org/userinfo', another],
  ['client-1', client],
  ['azp-1', client],
  [`["${audience}"]`, list],
  [`["x","${audience}"]`, list],
  [`['${audience}']`, list],
  [`x ${audience}`, list],
  [`x,${audience}`, list],
  ['["x","y"]', another],
  [`"${audience}"`, another],
  [`[]${audience}`, another],
  [`${audience}[]`, path],
  [`[${audience}`, another],
];

/** The trusted issuer of {@link issuers}. Its path sets it apart from those of other providers. */
export const tenant = `${issuer}/tenant`;
const trusted = `; configured: ${tenant}`;
const loopback = `an issuer on the loopback address${trusted}`;
const external = `an issuer of Entra External ID or B2C${trusted}`;
const kubernetes = `an issuer of Kubernetes${trusted}`;
const actions = `an issuer of GitHub Actions${trusted}`;
const other = `another issuer${trusted}`;

/** Values of `iss`. */
export const issuers: readonly (readonly [iss: unknown, detail: string])[] = [
  [undefined, 'absent'],
  [7, 'not a string'],
  [[tenant], 'not a string'],
  [`${tenant}/`, `differs by a trailing slash from ${tenant}`],
  ['https://accounts.google.com', `an issuer of Google${trusted}`],
  ['https://sts.windows.net/x', `an issuer of Entra${trusted}`],
  ['http://localhost:8080/realms/dev', loopback],
  ['https://localhost/realms/dev', loopback],
  ['http://localhost', loopback],
  ['http://127.0.0.1:9', loopback],
  ['http://[::1]:9/a', loopback],
  ['http://localhost.example.org/a', other],
  ['x http://localhost/a', other],
  ['ftp://localhost/a', other],
  ['https://acme-1.b2clogin.com/x', external],
  ['https://acme.ciamlogin.com/x', external],
  ['https://acme.b2clogin.com.example.org/x', other],
  ['https://acme.otherlogin.com/x', other],
  ['x https://acme.b2clogin.com/x', other],
  ['https://token.actions.githubusercontent.com', actions],
  ['https://token.actions.githubusercontent.com/acme', actions],
  ['x https://token.actions.githubusercontent.com', other],
  ['https://gitlab.com', `an issuer of GitLab${trusted}`],
  ['https://gitlab.com.example.org/x', other],
  ['x https://gitlab.com', other],
  ['https://kubernetes.default.svc/x', kubernetes],
  ['https://oidc.eks.eu-central-1.amazonaws.com/id/x', kubernetes],
  ['https://container.googleapis.com/v1/x', kubernetes],
  ['x https://kubernetes.default.svc/x', other],
];

/** Changes that make a token one of another kind. */
export const kinds: readonly (readonly [
  claims: Readonly<Record<string, unknown>>,
  kind: string | undefined,
])[] = [
  [{}, undefined],
  [{ typ: 'ID' }, 'this is an ID token'],
  [{ token_use: 'id' }, 'this is an ID token'],
  [{ typ: 'Refresh' }, 'this is a refresh token'],
  [{ typ: 'Offline' }, 'this is a refresh token'],
  [{ typ: 'Logout' }, 'this is a logout token'],
  [{ typ: 'Bearer', token_use: 'access' }, undefined],
  [{ typ: 7 }, undefined],
  [{ typ: ['id'] }, undefined],
  [{ events: {} }, 'this is a logout token or a security event'],
  [{ events: '' }, undefined],
  [{ nonce: 'n' }, 'this is an ID token'],
  [{ at_hash: 'h' }, 'this is an ID token'],
  [{ c_hash: 'h' }, 'this is an ID token'],
  [{ s_hash: 'h' }, 'this is an ID token'],
  [{ nonce: '' }, undefined],
  [{ sub: issuer }, 'this is a client assertion (RFC 7523)'],
  [{ htm: 'POST', htu: 'https://x' }, 'this is a DPoP proof'],
  [{ htm: 'POST' }, undefined],
  [{ htu: 'https://x' }, undefined],
  ...['email', 'email_verified', 'name', 'preferred_username', 'given_name', 'picture'].map(
    (name) => [{ scope: undefined, [name]: 'x' }, 'this looks like an ID token'] as const,
  ),
  ...['auth_time', 'amr', 'firebase'].map(
    (name) => [{ scope: undefined, [name]: 1 }, 'this looks like an ID token'] as const,
  ),
  ...['scope', 'scp', 'roles', 'permissions', 'scopes'].map(
    (name) => [{ scope: undefined, email: 'x', [name]: 'x' }, undefined] as const,
  ),
];
