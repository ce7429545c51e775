import { Secret } from '@sallyport/core';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  createSessionProof,
  encodeOwnership,
  type SessionOwner,
} from '../../src/sessions/session-proof.ts';

const secret = new Secret('one-2Kd8sQz5vR0wYx7Lm3Tf9Hb6Nc1Jg4P');
const other = new Secret('two-7Vn3cXq9Bt5Lr1Zm8Wk2Ph6Sd0Fj4Gy');
const alice: SessionOwner = { issuer: 'https://a.example', subject: 'alice', clientId: 'app' };
const noTime = () => 0;

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  // Lone surrogates, quotation marks, commas and brackets: what an encoding could confuse.
  fc
    .array(fc.constantFrom('"', ',', '\\', '[', ']', 'a', '\ud800', '\udc00', '\ufffd', '\0'))
    .map((parts) => parts.join('')),
);
const tuple = fc.tuple(text, text, text, text);
const encode = ([issuer, subject, clientId, id]: readonly [string, string, string, string]) =>
  new TextEncoder().encode(encodeOwnership(id, { issuer, subject, clientId })).join();

describe('session proof', () => {
  it('MCP-16: encodes no two owners or ids in the same way', () => {
    fc.assert(
      fc.property(tuple, tuple, (left, right) => {
        const isEqual = left.every((part, index) => part === right[index]);
        return (encode(left) === encode(right)) === isEqual;
      }),
      { numRuns: 5_000 },
    );
  });

  it('MCP-16: encodes parts that were moved from one name to the next differently', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 5, maxLength: 5 }), fc.nat(3), (parts, at) => {
        const [a = '', b = '', c = '', d = '', moved = ''] = parts;
        fc.pre(moved !== '');
        const left: [string, string, string, string] = [a, b, c, d];
        const right: [string, string, string, string] = [a, b, c, d];
        left[at] += moved;
        right[(at + 1) % 4] = moved + right[(at + 1) % 4];
        return encode(left) !== encode(right);
      }),
      { numRuns: 5_000 },
    );
  });

  it('MCP-16: gives the server its own id back, whatever is in it, and only to its owner', () => {
    const proof = createSessionProof(secret, noTime);
    const id = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom('.s1.', 'a.s1.AAAAAAAAAAAAAAAAAAAAAA', 'a,b', '.', proof.prove('x', alice)),
    );
    fc.assert(
      fc.property(id, text, (serverId, stranger) => {
        fc.pre(stranger !== alice.subject);
        const proven = proof.prove(serverId, alice);
        expect(proof.verify(proven, alice)).toBe(serverId);
        expect(proof.verify(proven, { ...alice, subject: stranger })).toBeUndefined();
      }),
    );
  });

  it('MCP-16: refuses every id with one character changed, added or removed', () => {
    const proof = createSessionProof(secret, noTime);
    const proven = proof.prove('session-1', alice);
    const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~='];
    const edited = Array.from(proven).flatMap((character, index) => {
      const [before, after] = [proven.slice(0, index), proven.slice(index + 1)];
      return [
        before + after,
        ...alphabet
          .filter((letter) => letter !== character)
          .map((letter) => before + letter + after),
        ...alphabet.map((letter) => before + letter + character + after),
      ];
    });
    // Removing one of two equal neighbours, or doubling one, is the same text in two ways.
    const forged = edited.filter((id) => id !== proven);

    expect(forged.length).toBeGreaterThan(3_000);
    expect(forged.filter((id) => proof.verify(id, alice) !== undefined)).toEqual([]);
  });

  it('MCP-16: refuses 20,000 random codes', () => {
    const proof = createSessionProof(secret, noTime);
    const codes = Array.from({ length: 20_000 }, () =>
      Buffer.from(crypto.getRandomValues(new Uint8Array(17)))
        .toString('base64url')
        .slice(0, 22),
    );
    const accepted = codes.filter((code) => proof.verify(`session-1.s1.${code}`, alice));

    expect(accepted).toEqual([]);
  });

  it('MCP-16: tells the owner in every process that has the secret, and in no other', () => {
    const proven = createSessionProof(secret, noTime).prove('s', alice);

    expect(createSessionProof(secret, noTime).verify(proven, alice)).toBe('s');
    expect(createSessionProof(other, noTime).verify(proven, alice)).toBeUndefined();
    expect(createSessionProof(undefined, noTime).verify(proven, alice)).toBeUndefined();
  });

  it('remembers 1,000 ids that it has verified, so that strangers cannot fill its memory', () => {
    const proof = createSessionProof(secret, noTime);
    const ids = Array.from({ length: 1_001 }, (_, index) => proof.prove(`s${index}`, alice));
    const encode = vi.spyOn(globalThis, 'btoa');
    onTestFinished(() => encode.mockRestore());
    /** How many codes were computed. */
    const verify = (...given: string[]) => {
      encode.mockClear();
      expect(given.every((id) => proof.verify(id, alice) !== undefined)).toBe(true);
      return encode.mock.calls.length;
    };
    const [first = '', ...others] = ids;

    expect(verify(...ids.slice(0, 1_000))).toBe(1_000);
    expect(verify(...ids.slice(0, 1_000))).toBe(0);
    expect(verify(others.at(-1) ?? '')).toBe(1);
    expect(verify(others.at(-1) ?? '')).toBe(0);
    expect(verify(first)).toBe(1);
  });

  it('MCP-16: takes ids of the secret before for 10 minutes, and makes none', () => {
    let time = 0;
    const proof = createSessionProof(secret, () => time);
    const before = proof.prove('s', alice);
    proof.replaceSecret(other);
    const after = proof.prove('s', alice);
    const verdicts = () => [before, after].map((id) => proof.verify(id, alice));

    expect(after).toBe(createSessionProof(other, noTime).prove('s', alice));
    expect(verdicts()).toEqual(['s', 's']);
    time = 599_999;
    expect(verdicts()).toEqual(['s', 's']);
    time = 600_000;
    expect(verdicts()).toEqual([undefined, 's']);
  });

  it('takes a new secret that begins like the one before for another one', () => {
    let time = 0;
    // Whole groups of three bytes, so that the first text is the beginning of the second in base64 too.
    const long = new Secret('3fK9mQ2xVt7Lr5Wz8Nb1Yc6Hd4JpGs0Ra'.repeat(2));
    const short = new Secret(long.reveal().slice(0, 33));
    const proof = createSessionProof(long, () => time);
    const before = proof.prove('s', alice);
    proof.replaceSecret(short);
    time = 600_000;

    expect(proof.verify(before, alice)).toBeUndefined();
    expect(proof.prove('s', alice)).toBe(createSessionProof(short, noTime).prove('s', alice));
  });

  it('keeps the secret where the new one is too short, and changes nothing for the same one', () => {
    const proof = createSessionProof(secret, noTime);
    const before = proof.prove('s', alice);
    expect(() => proof.replaceSecret(new Secret('short'))).toThrow(
      expect.objectContaining({ option: 'gate.sessionSecret' }),
    );
    proof.replaceSecret(new Secret(` ${secret.reveal()}\n`));

    expect(proof.prove('s', alice)).toBe(before);
  });
});
