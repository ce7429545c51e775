/** Finds the cure of a refusal and who can apply it, by the failed check and the detail in the log. */
import { readNetworkFault } from '../../diagnosis/network-faults.ts';
import type { JwtStep } from '../step-of-verdict.ts';
import { claimRules } from './claim-rules.ts';
import { type Cure, type Refused, type Rule, variable } from './rule.ts';
import { signatureRules } from './signature-rules.ts';

const rules: Readonly<Record<JwtStep, readonly Rule[]>> = { ...signatureRules, ...claimRules };

/** Finds the first rule that fits. A failed look-up of keys is read as what happened on the network. */
export function findCure(refused: Refused): Cure {
  const { step, detail, keysAt } = refused;
  for (const [pattern, owner, cure] of rules[step]) {
    if (!pattern.test(detail)) continue;
    const text = cure(refused);
    if (text !== undefined) return { owner, cure: text };
  }
  return readNetworkFault(detail, keysAt ?? { url: '', variable: variable('JWKS_URI') });
}
