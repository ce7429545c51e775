/** Both checkpoints for one MCP endpoint, independent of web frameworks. */
import {
  type Checks,
  ConfigError,
  check,
  checkOptions,
  createReporter,
  type Refusal,
} from '@sallyport/core';
import { hasMethod } from '../body/json-member.ts';
import { createMessageReader } from '../body/read-message.ts';
import { createCallerInfo } from '../caller/caller-info.ts';
import { createHostCheck, hostnameOf } from '../headers/allowed-hosts.ts';
import { crossOriginHeaders, preflightHeaders, readOrigins } from '../headers/cross-origin.ts';
import { createAddressCheck } from '../headers/fetchable.ts';
import { areMirrored } from '../headers/mirrored-fields.ts';
import { createTokenSearch } from '../headers/token-copies.ts';
import { createPublicDocuments } from '../metadata/public-documents.ts';
import { protectedResourceMetadataUrl } from '../metadata/resource.ts';
import { isWellKnown } from '../metadata/well-known.ts';
import { readOperations } from '../scopes/operation.ts';
import { scopeChecks } from '../scopes/scope-checks.ts';
import { createSessionOwners } from '../sessions/session-owners.ts';
import { createOpenStreams } from '../streams/open-streams.ts';
import { openCallAnswer, openTokenStream } from '../streams/token-stream.ts';
import { assertAtLeastOne } from './at-least-one.ts';
import { assertAlone, isCrossSite, saysJson } from './credential-field.ts';
import { createGateReporter } from './gate-event.ts';
import type { GateDecision, GateRequest } from './gate-request.ts';
import { toGuardRequest, tokenIn } from './guard-request.ts';
import { gateSettingChecks, type McpGate, type McpGateOptions } from './mcp-gate-options.ts';
import { createPublicUrl } from './public-url.ts';
import { isServed, type ServedMethod } from './request-method.ts';
import {
  allowPreflight,
  clientLeft,
  faultyRequest,
  forbidden,
  handlerFailed,
  notFound,
  type RequestFault,
  serveMetadata,
} from './transport-answers.ts';
import { writeRefusal } from './write-refusal.ts';

export type { McpGate, McpGateOptions } from './mcp-gate-options.ts';

// From this revision on there are neither sessions nor batches.
const statelessRevision = '2026-07-28';

const optionChecks: Checks<McpGateOptions> = {
  resource: check.text,
  guard: check.guard,
  scopes: check.options(scopeChecks),
  authorizationServers: check.texts,
  ...gateSettingChecks,
  onEvent: check.optional(check.callback),
  now: check.optional(check.callback),
};

/**
 * Creates the gate of one MCP endpoint. Every request that reaches {@link McpGate.handle} needs a token, except
 * for metadata addresses and preflights. It protects a handler, not a path.
 *
 * @throws {ConfigError} When an option is missing, out of range, or does not fit the guard.
 */
export function createMcpGate(given: McpGateOptions): McpGate {
  const options = checkOptions('gate', given, optionChecks);
  const { resource, guard, now = Date.now } = options;
  const { maximumBodyBytes = 1_048_576, credentialField } = options;
  const { field: tokenField = 'authorization', hides = [], ambient } = credentialField ?? {};
  const hidden = [tokenField, ...secretFields, ...hides];
  const { maximumStreamsPerCaller = 64, streamCheckSeconds: checkSeconds = 60 } = options;
  const resourceMetadataUrl = protectedResourceMetadataUrl(resource);
  if (guard.resourceMetadataUrl !== resourceMetadataUrl) {
    throw new ConfigError(
      'gate.resource',
      `the guard was made for other metadata: give it resourceMetadataUrl: protectedResourceMetadataUrl(${JSON.stringify(resource)})`,
    );
  }
  assertAtLeastOne({
    maximumBodyBytes,
    maximumStreamsPerCaller,
    streamCheckSeconds: checkSeconds,
  });
  const metadataPath = new URL(resourceMetadataUrl).pathname;
  const documents = createPublicDocuments(guard, options);
  const ownOrigin = new URL(resource).origin;
  const publicUrl = createPublicUrl(resource);
  const origins = readOrigins(ownOrigin, options.allowedOrigins);
  if (ambient === true) assertAlone(origins.size > 1, options.anonymous !== undefined);
  const isFetchable = createAddressCheck();
  const isAllowedHost = createHostCheck(resource, options.allowedHosts);
  const send = createReporter(options.onEvent);
  const report = createGateReporter(send);
  const sessions = createSessionOwners({ secret: options.sessionSecret, report: send, now });
  const streams = createOpenStreams(maximumStreamsPerCaller);
  const streaming = { guard, streams, checkSeconds, now };
  const publicHost = new URL(resource).hostname;
  const readMessage = createMessageReader(maximumBodyBytes, report);
  const toCallerInfo = createCallerInfo(options, resourceMetadataUrl);
  const anonymous = options.anonymous?.open({ options, report, send, sessions });
  const operations = anonymous?.operations ?? readOperations(options.scopes);

  /** @param about The body of the request, if it was read. */
  function refuse(refusal: Refusal, extra: Record<string, string>, about: unknown): GateDecision {
    const answer = writeRefusal(refusal, extra, about);
    return { pass: false, answer: anonymous?.answer(answer, about) ?? answer };
  }

  async function decide(
    request: GateRequest,
    method: ServedMethod,
    crossOrigin: Record<string, string>,
  ): Promise<GateDecision> {
    let credentials = toGuardRequest(request, publicUrl, credentialField);
    const visit = anonymous && (await anonymous.visit(request, credentials));
    if (visit === 'post_only') return { pass: false, answer: faultyRequest('method', crossOrigin) };
    if (visit?.ok === false) credentials = { ...credentials, operation: visit.wanted };
    const authenticated = visit?.ok ? visit : await guard.authenticate(credentials);
    if (!authenticated.ok) return refuse(authenticated.refusal, crossOrigin, visit?.body);
    const { principal } = authenticated;
    const headers = { ...crossOrigin, ...authenticated.headers };
    const holdsToken = createTokenSearch(tokenIn(credentials));

    const fault = (name: RequestFault, about?: unknown): GateDecision => ({
      pass: false,
      answer: faultyRequest(name, headers, about),
    });
    if (holdsToken(`${request.host} ${request.target}`)) return fault('token_in_target');
    const isStateless = (request.field('mcp-protocol-version')[0] ?? '') >= statelessRevision;
    let body: unknown;
    if (method === 'POST') {
      if (ambient === true && !saysJson(request.field)) return fault('content_type');
      const read = visit?.read ?? (await readMessage(request));
      if (!read.ok) return fault(read.fault);
      if (isStateless && Array.isArray(read.value)) return fault('body_is_batch');
      if (!areMirrored(request.field, read.value)) return fault('headers_differ', read.value);
      body = read.value;
    } else if (request.hasBody) {
      return fault('body_unexpected');
    }
    const owner = visit?.owner ?? principal;
    const session = sessions.claim({
      claimed: request.field('mcp-session-id'),
      owner,
      ignoresSession: isStateless || hasMethod(body, 'initialize'),
    });
    if (session.kind === 'unknown') return fault('session_unknown', body);
    // The client has disconnected: nothing would end its stream.
    if (request.signal.aborted) return abandoned;
    const operation =
      visit?.operation ??
      (body === undefined ? { name: 'stream', scopes: [] } : operations.read(body));
    const authorized = await guard.authorize(principal, operation, credentials);
    if (!authorized.ok) return refuse(authorized.refusal, headers, body);
    // Rules take time.
    if (request.signal.aborted) return abandoned;

    const authInfo = visit?.ok
      ? undefined
      : toCallerInfo(principal, { credentials, signal: request.signal });
    const isStream = method === 'GET' || hasMethod(body, 'subscriptions/listen');
    // The last step: a failure after it would keep the stream's place.
    const open = isStream ? openTokenStream : openCallAnswer;
    const lease = visit?.ok
      ? visit.open((end) => guard.watch?.(principal, operation, credentials, end))
      : open(streaming, { credentials, principal, operation });
    if (lease === undefined) return fault('streams_exhausted', body);
    return {
      pass: true,
      authInfo,
      body,
      headers,
      holdsToken,
      // Without a session of the caller, `Last-Event-ID` could name another caller's stream.
      hiddenFields: session.kind === 'own' ? hidden : [...hidden, 'last-event-id'],
      sessionId: session.kind === 'own' ? session.serverId : undefined,
      proveSession: sessions.prover(owner),
      lease,
    };
  }

  async function handle(request: GateRequest): Promise<GateDecision> {
    const { method } = request;
    if (!isFetchable(request)) {
      return { pass: false, answer: faultyRequest('address', {}) };
    }
    const [path = ''] = request.target.split('?', 1);
    const document = documents.get(path);
    if (document !== undefined) return { pass: false, answer: serveMetadata(method, document) };
    const origin = request.field('origin').join(', ');
    if (isWellKnown(path)) {
      const isPreflight = method === 'OPTIONS' && origin !== '';
      return { pass: false, answer: notFound(method, isPreflight) };
    }
    if (request.ignoresForwarded === true) report.once('forwarded_ignored');
    if (hostnameOf(request.host) !== publicHost) report.once('host_differs');
    if (!isAllowedHost(request.host)) {
      report.forbidden('Host');
      return { pass: false, answer: forbidden('Host') };
    }
    if (
      (origin !== '' && !origins.has(origin)) ||
      (ambient === true && isCrossSite(request.field))
    ) {
      report.forbidden('Origin');
      return { pass: false, answer: forbidden('Origin') };
    }
    const headers = origin === '' ? {} : crossOriginHeaders(origin);
    if (method === 'OPTIONS' && origin !== '') {
      const wanted = request.field('access-control-request-headers').join(', ');
      const preflight = { ...headers, ...preflightHeaders(wanted, credentialField?.field) };
      return { pass: false, answer: allowPreflight(preflight) };
    }
    return isServed(method) ? decide(request, method, headers) : notAllowed;
  }

  return {
    resource,
    metadataPath,

    async handle(request) {
      try {
        return await handle(request);
      } catch (error) {
        // A client that disconnects ends its own request, such as in the middle of the body.
        if (request.signal.aborted) return abandoned;
        report.gateFailed(error);
        return { pass: false, answer: handlerFailed() };
      }
    },

    permits(authInfo, subject) {
      if (authInfo === undefined) return anonymous?.permits(subject) ?? false;
      return guard.permits(new Set(authInfo.scopes), operations.certain(subject));
    },

    endStreams: () => streams.end(),
    replaceSessionSecret: (next) => sessions.replaceSecret(next),
    report,
  };
}

const abandoned: GateDecision = { pass: false, answer: clientLeft() };
const notAllowed: GateDecision = { pass: false, answer: faultyRequest('method', {}) };

// The handler does not need these fields, and must not be able to pass them on.
const secretFields: readonly string[] = ['authorization', 'dpop'];
