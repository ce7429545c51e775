import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/index.ts';

const value = 'correct-horse-battery-staple';
const secret = new Secret(value);

describe('Secret (SEC-19)', () => {
  it('gives its value to who asks for it', () => {
    expect(secret.reveal()).toBe(value);
  });

  it.each<[string, () => string]>([
    ['a string', () => String(secret)],
    ['a template', () => `${secret}`],
    ['toString', () => secret.toString()],
    ['JSON', () => JSON.stringify({ secret, list: [secret] })],
    ['inspect', () => inspect(secret)],
    ['inspect of what holds it', () => inspect({ a: { b: [secret] } }, { depth: 9 })],
    ['inspect with everything', () => inspect(secret, { showHidden: true, getters: true })],
    ['an error', () => new Error(`failed with ${secret}`).message],
    ['an error’s cause', () => inspect(new Error('failed', { cause: secret }))],
    ['a spread', () => JSON.stringify({ ...secret })],
    ['its entries', () => JSON.stringify(Object.entries(secret))],
    ['its own names', () => JSON.stringify(Object.getOwnPropertyNames(secret))],
    ['a structured clone', () => JSON.stringify(structuredClone(secret))],
    ['a number', () => String(Number(secret))],
  ])('does not show it in %s', (_name, print) => {
    expect(print()).not.toContain('horse');
  });

  it('says that there is one', () => {
    expect([`${secret}`, JSON.stringify(secret), inspect(secret)]).toEqual([
      '[redacted]',
      '"[redacted]"',
      '[redacted]',
    ]);
  });
});
