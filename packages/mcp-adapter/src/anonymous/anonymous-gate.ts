/** What one gate does with requests that have no credential. */
import type { EventListener, GuardRequest, Operation, Principal } from '@sallyport/core';
import { member } from '../body/json-member.ts';
import { isResponse } from '../body/json-rpc-message.ts';
import { createMessageReader, type ReadMessage } from '../body/read-message.ts';
import type { GateReporter } from '../gate/gate-event.ts';
import type { GateRequest } from '../gate/gate-request.ts';
import type { GateAnswer } from '../gate/transport-answers.ts';
import { credentialFields } from '../headers/credential-fields.ts';
import {
  type OperationScopes,
  type Operations,
  readOperations,
  type Subject,
} from '../scopes/operation.ts';
import type { SessionOwners } from '../sessions/session-owners.ts';
import type { SessionOwner } from '../sessions/session-proof.ts';
import {
  createStreamLease,
  type StreamLease,
  type StreamLeaseOptions,
} from '../streams/stream-lease.ts';
import { createBoundedReads } from './bounded-reads.ts';
import { type AnonymousList, assertOpen, withListed } from './open-list.ts';
import { toToolResult } from './tool-result.ts';

/** What {@link openAnonymousGate} needs of the gate. */
export interface GateParts {
  readonly options: {
    readonly scopes: OperationScopes;
    readonly resource: string;
    readonly maximumBodyBytes?: number;
    readonly streamCheckSeconds?: number;
    readonly now?: () => number;
  };
  readonly report: GateReporter;
  readonly send: EventListener;
  readonly sessions: SessionOwners;
}

/** A request without a credential. */
type Visit =
  /**
   * It opens a stream or ends a session, which needs a token. The answer is 405 and not 401: SDK clients send GET
   * after `initialize`, and would ask the person to sign in before a protected tool is called.
   */
  | 'post_only'
  /** Every message is on the list. */
  | {
      readonly ok: true;
      readonly headers?: undefined;
      readonly principal: Principal;
      readonly owner: SessionOwner;
      readonly read: ReadMessage;
      readonly body?: undefined;
      readonly operation: Operation;
      /** @param watch Calls `end` when a rule refuses the caller by now. */
      open(watch: NonNullable<StreamLeaseOptions['onRefusal']>): StreamLease;
    }
  /** It needs a token. `operation` is the first message that is not on the list, if the body could be read. */
  | {
      readonly ok: false;
      readonly owner?: undefined;
      readonly read: ReadMessage;
      readonly body?: unknown;
      readonly operation?: undefined;
      readonly wanted?: Operation | undefined;
    };

/** The anonymous part of one gate. */
export interface AnonymousGate {
  /** Those of the gate. The listed tools need no scope, whoever calls them. */
  readonly operations: Operations;
  /** `undefined`: the request is for the guard alone, and its body was not read. */
  visit(request: GateRequest, credentials: GuardRequest): Promise<Visit | undefined>;
  permits(subject: Subject): boolean;
  /** The answer in place of a refusal, if it has to be a tool result. */
  answer(refusal: GateAnswer, body: unknown): GateAnswer | undefined;
}

const maximumBytes = 65_536;

/** The issuer of anonymous callers in audit events and rules. No token has it: verifiers accept https issuers. */
const issuer = 'urn:sallyport:anonymous';
const clientId = 'anonymous';
// Clients change their address, so a session does not depend on it.
const owner: SessionOwner = { issuer, subject: '', clientId };

// They are about a request of the same session, such as a call that is cancelled.
const sessionMethods: ReadonlySet<unknown> = new Set([
  'notifications/cancelled',
  'notifications/progress',
]);

const otherCredentials = ['dpop', 'x-api-key', ...credentialFields];

/** @throws {ConfigError} When the scopes of the gate contradict the list. */
export function openAnonymousGate(list: AnonymousList, parts: GateParts): AnonymousGate {
  const { options, report, send, sessions } = parts;
  const {
    resource,
    maximumBodyBytes = maximumBytes,
    streamCheckSeconds = 60,
    now = Date.now,
  } = options;
  const operations = readOperations(withListed(options.scopes, list));
  assertOpen(list, options.scopes, operations);
  const readMessage = createMessageReader(Math.min(maximumBytes, maximumBodyBytes), report);
  const reads = createBoundedReads({ ...list, now, report: send });

  function isListed(message: unknown, isInSession: () => boolean): boolean {
    if (isResponse(message)) return isInSession();
    const method = member(message, 'method');
    if (method === 'tools/call') return has(list.tools, member(member(message, 'params'), 'name'));
    if (has(list.methods, method)) return operations.read(message).scopes.length === 0;
    return sessionMethods.has(method) && isInSession();
  }

  /** A call that takes less than `streamCheckSeconds` always finishes. */
  function leaseAnswer(onRefusal: NonNullable<StreamLeaseOptions['onRefusal']>): StreamLease {
    const { watch } = createStreamLease({
      expiresAt: Number.POSITIVE_INFINITY,
      checkSeconds: streamCheckSeconds,
      isPatient: true,
      check: async () => 'ended',
      onRefusal,
      now,
    });
    return { isOfCall: true, watch, release() {} };
  }

  return {
    operations,

    async visit(request, credentials) {
      if (!isStranger(request, credentials)) return undefined;
      if (request.method !== 'POST') return 'post_only';
      const read = await reads.read(request, readMessage);
      if (read === undefined) return undefined;
      if (!read.ok) return { ok: false, read };
      const claimed = request.field('mcp-session-id');
      const isInSession = () =>
        sessions.claim({ claimed, owner, ignoresSession: false }).kind === 'own';
      const messages = Array.isArray(read.value) ? read.value : [read.value];
      const first = messages.find((message) => !isListed(message, isInSession));
      if (first !== undefined) {
        return { ok: false, read, body: read.value, wanted: operations.read(first) };
      }
      return {
        ok: true,
        principal: createPrincipal(credentials.clientKey, resource),
        owner,
        read,
        operation: { ...operations.read(read.value), scopes: [], isPublic: true },
        open: leaseAnswer,
      };
    },

    permits(subject) {
      if ('tool' in subject) return list.tools.has(subject.tool);
      const method = 'prompt' in subject ? 'prompts/get' : 'resources/read';
      return list.methods.has(method) && operations.certain(subject).scopes.length === 0;
    },

    answer: (refusal, body) =>
      list.challenge === 'tool-result' ? toToolResult(refusal, body) : undefined,
  };
}

/** Any field that may hold a credential makes a request one of a caller, whose credential is then verified. */
function isStranger({ field }: GateRequest, credentials: GuardRequest): boolean {
  if (credentials.authorization.length > 0 || credentials.tokenInQuery) return false;
  return otherCredentials.every((name) => field(name).length === 0);
}

/** For rules and audit events. Tools do not see it. */
function createPrincipal(clientKey: string, resource: string): Principal {
  return Object.freeze({
    issuer,
    subject: clientKey,
    clientId,
    audience: Object.freeze([resource]),
    scopes: new Set<string>(),
    expiresAt: Number.MAX_SAFE_INTEGER,
    claims: Object.freeze({}),
  });
}

function has(set: ReadonlySet<string>, value: unknown): boolean {
  return typeof value === 'string' && set.has(value);
}
