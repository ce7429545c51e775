/**
 * Servers that are broken on purpose. Each puts one mistake in front of the hardened server: it lets a wrong token pass
 * as a good one, changes the request before the gate, or changes the answer behind it.
 */
import type { Defect } from './defect.ts';
import { answersDefects } from './defects/answers.ts';
import { claimsDefects } from './defects/claims.ts';
import { credentialsDefects } from './defects/credentials.ts';
import { limitsDefects } from './defects/limits.ts';
import { requestsDefects } from './defects/requests.ts';
import { scopesDefects } from './defects/scopes.ts';
import { sessionsDefects } from './defects/sessions.ts';
import { tokensDefects } from './defects/tokens.ts';

/** Every mistake. */
export const defects: readonly Defect[] = [
  ...tokensDefects,
  ...claimsDefects,
  ...credentialsDefects,
  ...requestsDefects,
  ...answersDefects,
  ...scopesDefects,
  ...sessionsDefects,
  ...limitsDefects,
];
