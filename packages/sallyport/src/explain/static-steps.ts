import { failed, passed, type Step } from '../diagnosis/step.ts';
import type { GateVerdict } from './gate-verdict.ts';

/** The checks of a fixed token, in development. */
export function listStaticSteps({ code, detail }: GateVerdict): readonly Step[] {
  if (code === undefined)
    return [passed('token', 'one of the fixed tokens'), passed('scopes', 'all that are required')];
  if (code === 'scope_insufficient') {
    return [
      passed('token', 'one of the fixed tokens'),
      failed('scopes', {
        summary: detail,
        owner: 'this server',
        cure: 'Add the scope to this token in FASTMCP_SERVER_AUTH_STATIC_TOKENS.',
      }),
    ];
  }
  return [
    failed('token', {
      summary: 'not one of the fixed tokens',
      owner: 'the client',
      cure: 'Send a token of FASTMCP_SERVER_AUTH_STATIC_TOKENS. For real tokens, set FASTMCP_SERVER_AUTH_TYPE=jwt.',
    }),
  ];
}
