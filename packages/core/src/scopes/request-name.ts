import { assertScopes } from './scope-policy.ts';

/**
 * The name by which clients ask the authorization server for a scope, where tokens name it otherwise:
 * Entra grants `access` to those who asked for `api://…/access`.
 */
export type RequestName = (scope: string) => string;

/** Returns a function that never throws and always returns a valid scope: if `requestName` fails, the scope itself. */
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
