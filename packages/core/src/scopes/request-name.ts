import { assertScopes } from './scope-policy.ts';

/**
 * The name by which clients ask the authorization server for a scope, where tokens name it otherwise:
 * Entra grants `access` to those who asked for `api://…/access`.
 */
export type RequestName = (scope: string) => string;

/** Makes one that never throws and never gives what is no scope: the scope's own name stands in. */
export function createRequestName(requestName: RequestName = (scope) => scope): RequestName {
  return (scope) => {
    try {
      const name = requestName(scope);
      assertScopes('guard.requestName', [name]);
      return name;
    } catch {
      return scope;
    }
  };
}
