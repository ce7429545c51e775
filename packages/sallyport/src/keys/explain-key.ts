/** The checks of an API key. */
import { failed, passed, type Step } from '../diagnosis/step.ts';
import type { GateVerdict } from '../explain/gate-verdict.ts';
import { printable } from '../terminal/printable.ts';

/** @param areAccepted Whether the settings say where keys are. */
export function listApiKeySteps(
  { code, detail, principal }: GateVerdict,
  areAccepted: boolean,
): readonly Step[] {
  if (!areAccepted) {
    return [
      failed('key', {
        summary: 'an API key, and this server accepts none',
        owner: 'this server',
        cure: 'Set FASTMCP_SERVER_AUTH_API_KEY_FILE or FASTMCP_SERVER_AUTH_API_KEY_REDIS_URL to where the keys are.',
      }),
    ];
  }
  if (principal !== undefined) {
    const key = passed(
      'key',
      `${printable(principal.claims['jti'])} of ${printable(principal.subject)}`,
    );
    if (code !== 'scope_insufficient') return [key, passed('scopes', 'all that are required')];
    const cure = 'Make a key with these scopes: sallyport keys create. A key keeps its scopes.';
    return [key, failed('scopes', { summary: printable(detail), owner: 'the client', cure })];
  }
  if (code === 'upstream_unavailable') {
    const cure = 'Repair the store of the keys. "sallyport doctor" tries it.';
    return [failed('store', { summary: printable(detail), owner: 'this server', cure })];
  }
  return [
    failed('key', {
      summary: printable(detail),
      owner: 'the client',
      cure: 'Send a key that "sallyport keys list" shows as active, or make one: sallyport keys create.',
    }),
  ];
}
