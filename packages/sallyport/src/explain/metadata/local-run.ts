/** A token that a local authorization server did not issue, most often because "dev" was started again. */
import type { Step } from '../../diagnosis/step.ts';

const loopback = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?\/?$/;

/** Whether this is the address of a local authorization server, as `dev` starts it. */
export function isLocalIssuer(issuer: unknown): boolean {
  return typeof issuer === 'string' && loopback.test(issuer);
}

/**
 * Returns the steps with the cure for a server beside a local authorization server. Each run of it has another port
 * and other keys.
 *
 * @param resource The endpoint of the server.
 * @param issuer `iss` of the token.
 */
export function cureLocalRun(
  given: readonly Step[],
  resource: string,
  issuer: unknown,
): readonly Step[] {
  const newToken = `Get a new one: npx sallyport token --url ${resource}`;
  const cure = isLocalIssuer(issuer)
    ? `This token is not from this run of dev. ${newToken}`
    : `This server accepts only the tokens of its local authorization server. ${newToken}`;
  return given.map((step) =>
    step.cure === undefined ? step : { ...step, owner: 'the client', cure },
  );
}
