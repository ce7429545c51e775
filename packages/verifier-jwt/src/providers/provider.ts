/** What one row of the table of providers says. */
import type { AsymmetricAlgorithm, Checks, CredentialField } from '@sallyport/core';
import type { AudienceOptions, IssuerOptions } from '../issuer/trusted-issuer.ts';
import type { OneOrMore, ProviderOptions } from './provider-options.ts';

/** How tokens of one tenant are validated, and where the provider publishes their keys. */
export interface IssuerFacts extends IssuerOptions {
  /** The values that name this server, or its clients. Mostly the options themselves. */
  readonly recipients: AudienceOptions;
  readonly jwksUrl: string;
  /** The `alg` values that the provider is documented to use. */
  readonly algorithms: OneOrMore<AsymmetricAlgorithm>;
}

/** Turns the options for one tenant into an issuer to trust. */
export interface ProviderRules<Options extends ProviderOptions> {
  /** The run-time check of the options. A function, so that bundles leave out what they do not use. */
  options(): Checks<Options>;
  /**
   * Pure. Fetches nothing.
   *
   * @throws {ConfigError} When an option is wrong.
   */
  describe(options: Options): IssuerFacts;
}

/** A form, and what to tell somebody whose value has it. Completes "<name of the option> …". */
export type Mistake = readonly [form: RegExp, problem: string];

/** How one text names a tenant, as a variable or an argument of a command does. */
interface TenantForm<Options extends ProviderOptions> {
  /** What the text is. Completes "must be …". */
  readonly allowed: string;
  /** A text that the provider accepts. */
  readonly example: string;
  /** Its groups are the parts of the text, at most two. Default: the whole text is one part. */
  readonly form?: RegExp;
  /** The options that the parts stand for. A part that is absent is empty. */
  options(first: string, second: string): Partial<Options>;
  /**
   * Completes "is not set: …". Where it is absent, the tenant is required. `undefined`: nothing has to be said.
   *
   * @param clients The name of the option that lists clients.
   */
  whenAbsent?(clients: string): string | undefined;
  /** Texts that are often taken for the tenant. The first match counts. */
  readonly mistakes?: readonly Mistake[];
}

/**
 * What the `aud` of access tokens names.
 *
 * - `server`: this server. `audience` is required.
 * - `client`: the client. `clientIds` is required and replaces `audience`.
 * - `fixed`: the same text in every token. `clientIds` is required and replaces `audience`.
 * - `optional`: this server, if clients ask for it. `clientIds` is required.
 * - `tenant`: the tenant. Neither `audience` nor `clientIds` is needed.
 */
export type AudienceForm = 'server' | 'client' | 'fixed' | 'optional' | 'tenant';

/** What the issuer of a tenant says about it. */
export interface RecognisedIssuer {
  /** As {@link TenantForm} has it. `undefined`: the issuer is the same for every tenant. */
  readonly tenant?: string;
  /** Options that follow from the issuer. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** An identity provider: its tokens, its addresses, and the mistakes that people make with it. */
export interface Provider<Options extends ProviderOptions = ProviderOptions>
  extends ProviderRules<Options> {
  /** Its name in configuration: lower case, with hyphens. */
  readonly name: string;
  /** Its name in sentences. */
  readonly title: string;
  readonly tenant: TenantForm<Options>;
  readonly audience: AudienceForm;
  /** Its only JWTs are ID tokens, which have no scopes. */
  readonly withoutScopes?: true;
  /** The field of its tokens, which a proxy in front of the server adds. Absent: clients send `Authorization`. */
  readonly credentialField?: CredentialField;
  /** The `alg` values of its tokens, if RS256, PS256, ES256 and Ed25519 are not among them. */
  readonly signsWith?: OneOrMore<AsymmetricAlgorithm>;
  /** Tolerance for the times of its tokens, in seconds, if 60 is too much. Its rules have it too. */
  readonly clockToleranceSeconds?: number;
  /** It can run in your own network. */
  readonly isSelfHosted?: true;
  /** The form of its issuers. Absent if every customer has a separate domain. */
  readonly issuers?: RegExp;
  /** Recognises an issuer that needs no preset, because it says which tenant and rules are meant. */
  recognise?(issuer: string): RecognisedIssuer | undefined;
  /** Values that are often taken for the issuer. The first match counts, unless it is recognised. */
  readonly issuerMistakes?: readonly Mistake[];
  /** Addresses that are often taken for the address of the keys. */
  readonly keyMistakes?: readonly Mistake[];
  /** The only host that serves its keys. */
  readonly keyHost?: string;
  /** Domains on which each customer has a host. */
  readonly sharedDomains?: readonly string[];
  /** The name of a scope in an authorization request, where it differs from the one in the token. */
  requestName?(scope: string, audience: string): string;
  /** Other `aud` values that mean the same server. */
  otherAudiences?(audience: string): readonly string[];
  /** `aud` values that do not name a server, and what the client must do. Completes "aud: …". */
  readonly audienceMistakes?: readonly Mistake[];
  /** Opaque credentials of this provider, by their form. Completes "this is …". */
  readonly opaqueTokens?: readonly Mistake[];
  /** How an untrusted issuer differs from the trusted ones. Completes "iss: …". */
  explainIssuer?(issuer: string, trusted: readonly string[]): string | undefined;
}
