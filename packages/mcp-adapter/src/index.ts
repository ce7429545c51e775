export type { GateAnswer } from './answers.ts';
export type { AuthInfo, AuthInfoContext } from './auth-info.ts';
export { toAuthInfo } from './auth-info.ts';
export type { GateDecision, GateRequest, JsonBody, McpGate, McpGateOptions } from './mcp-gate.ts';
export { createMcpGate } from './mcp-gate.ts';
export type { OperationScopes } from './operation.ts';
export { protectedResourceMetadataUrl } from './resource.ts';
export type { ConditionalScopes, ScopeRule } from './scope-rule.ts';
export { writeScopesTable } from './scopes-table.ts';
