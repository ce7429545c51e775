import { assertScopes } from './scope-policy.ts';

/**
 * The name by which clients ask the authorization server for a scope, where tokens name it otherwise:
 * Entra grants `access` to those who asked for `api://…/access`.
 */
export type RequestName = (scope: string) => string;

/**
 * Returns a function that never throws and always returns a valid scope. If `requestName` fails, it returns
 * the scope unchanged.
 */
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
