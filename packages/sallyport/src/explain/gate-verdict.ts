/** What the configured gate itself decides about a token. Everything that `explain` says rests on it. */
import { type Config, type ConfigEvent, createGateFromConfig } from '@sallyport/config';
import type { AuditEvent, AuthErrorCode, Principal } from '@sallyport/core';

/** The gate's decision. */
export interface GateVerdict {
  /** Why the token is refused; `undefined` when it is accepted. */
  readonly code: AuthErrorCode | undefined;
  /** The line of the log that says why. */
  readonly detail: string;
  /** The caller, if the first checkpoint accepts the token. */
  readonly principal: Principal | undefined;
  /** Status of the answer to the client. */
  readonly status: number;
  /** What happened to keys and to the authorization server meanwhile. */
  readonly events: readonly ConfigEvent[];
}

/** What the token is tried for. */
export interface Trial {
  /** The tool that the caller wants; `undefined`: whatever needs no more than any other operation. */
  readonly tool: string | undefined;
  readonly signal: AbortSignal;
}

const nobody = '192.0.2.1';

/** Asks the gate. Nothing is counted, recorded or kept. */
export async function askGate(
  config: Config,
  token: string,
  { tool, signal }: Trial,
): Promise<GateVerdict> {
  const decisions: AuditEvent[] = [];
  const events: ConfigEvent[] = [];
  const { guard, close } = await createGateFromConfig(
    // Neither a failure nor a call here must count in the Redis of the real servers. The secrets stay the caller's.
    { ...config, rateLimit: undefined, callQuota: undefined, secrets: undefined },
    {
      tools: config.toolScopes ?? {},
      audit: { emit: (event) => void decisions.push(event) },
      onEvent: (event) => void events.push(event),
    },
  );
  try {
    const result = await guard.authenticate({
      authorization: [`Bearer ${token}`],
      tokenInQuery: false,
      clientKey: nobody,
      signal,
    });
    if (!result.ok) return refused(result.refusal.status, undefined);
    const scopes = tool === undefined ? [] : (config.toolScopes?.[tool] ?? []);
    const name = tool === undefined ? 'any operation' : `tools/call ${tool}`;
    const allowed = await guard.authorize(result.principal, { name, scopes });
    if (!allowed.ok) return refused(allowed.refusal.status, result.principal);
    return { code: undefined, detail: '', principal: result.principal, status: 200, events };
  } finally {
    await close();
  }

  function refused(status: number, principal: Principal | undefined): GateVerdict {
    const { code, detail = '' } = decisions.findLast(({ event }) => event === 'refused') ?? {};
    return { code: code ?? 'upstream_unavailable', detail, principal, status, events };
  }
}
