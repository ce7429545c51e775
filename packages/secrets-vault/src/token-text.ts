import { Secret } from '@sallyport/core';

// What a header can carry. A newline at the end is the file's it was read from.
const tokenPattern = /^[\x21-\x7e]{1,8192}$/;

/** A token without white space around it; `undefined` when it cannot be one. */
export function readToken(text: unknown): Secret | undefined {
  const trimmed = typeof text === 'string' ? text.trim() : '';
  return tokenPattern.test(trimmed) ? new Secret(trimmed) : undefined;
}

/** The same for what should be a `Secret`, of whatever copy of the package it is made. */
export function readSecretToken(secret: unknown): Secret | undefined {
  const { reveal } = Object(secret) as Partial<Secret>;
  return typeof reveal === 'function' ? readToken(reveal.call(secret)) : undefined;
}
