/** Which rules hold for a token, where the settings trust several issuers. */
import type { Config } from '@sallyport/config';
import type { Step } from '../../diagnosis/step.ts';
import { listTrustedIssuers, nameEntry } from '../../settings/trusted-issuers.ts';
import type { Expectations } from './expectations.ts';

/** The rules for the tokens of one issuer. */
export interface IssuerRules {
  readonly config: Config;
  /** False where there are several issuers, and the token is of none of them. */
  readonly isTrusted: boolean;
  /** What is expected in place of what {@link config} says. */
  readonly expected: Partial<Expectations>;
  /** Names the entry of the list in a cure. */
  readonly name: (step: Step) => Step;
}

/** @param issuer `iss` of the token. Nothing vouches for it. */
export async function findRules(config: Config, issuer: unknown): Promise<IssuerRules> {
  const entries = await listTrustedIssuers(config);
  if (entries.length === 0) {
    return { config, isTrusted: true, expected: {}, name: (step) => step };
  }
  const index = entries.findIndex((entry) => isOf(entry.issuer, issuer));
  const own = entries[index];
  // For an issuer that is not trusted, the cure is another entry.
  const place = own === undefined ? entries.length : index;
  const name = (step: Step): Step =>
    step.cure === undefined ? step : { ...step, cure: nameEntry(step.cure, place) };
  if (own !== undefined) {
    return { config: own.config, isTrusted: true, expected: { issuer: own.issuer }, name };
  }
  const expected = {
    issuer: entries.map((entry) => entry.issuer).join(' or '),
    audiences: undefined,
    clientIds: [],
    algorithm: undefined,
  };
  return { config, isTrusted: false, expected, name };
}

/** An issuer of any tenant has a place for the tenant in it. */
function isOf(trusted: string, issuer: unknown): boolean {
  if (trusted === issuer) return true;
  const [before = '', after] = trusted.split(/\{\w+\}/);
  return (
    after !== undefined &&
    typeof issuer === 'string' &&
    issuer.startsWith(before) &&
    issuer.endsWith(after)
  );
}
