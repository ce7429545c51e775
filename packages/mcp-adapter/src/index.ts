export { sourceOf } from './body/json-source.ts';
export type { AuthInfo } from './caller/auth-info.ts';
export type { CallerInfo } from './caller/caller-key.ts';
export { callerKey, createStateHandle } from './caller/caller-key.ts';
export type { ClientAddressInput } from './client-address/client-address.ts';
export { clientAddress } from './client-address/client-address.ts';
export type { GateEvent, GateReporter } from './gate/gate-event.ts';
export type {
  Admitted,
  GateDecision,
  GateRequest,
  JsonBody,
  ParseBody,
} from './gate/gate-request.ts';
export { createMcpGate } from './gate/mcp-gate.ts';
export type { GateSettings, McpGate, McpGateOptions } from './gate/mcp-gate-options.ts';
export { gateSettingChecks } from './gate/mcp-gate-options.ts';
export type { GateAnswer } from './gate/transport-answers.ts';
export type { PublicDocumentsOptions } from './metadata/public-documents.ts';
export { protectedResourceMetadataUrl } from './metadata/resource.ts';
export type { Call } from './scopes/calls.ts';
export { readCalls } from './scopes/calls.ts';
export type { OperationScopes, Subject } from './scopes/operation.ts';
export { listScopes } from './scopes/operation.ts';
export type { ConditionalScopes, ScopeRule } from './scopes/scope-rule.ts';
export { writeScopesTable } from './scopes/scopes-table.ts';
export type { StreamLease } from './streams/stream-lease.ts';
