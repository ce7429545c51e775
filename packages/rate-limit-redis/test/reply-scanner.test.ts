import { describe, expect, it } from 'vitest';
import { createReplyScanner } from '../src/connection/reply-scanner.ts';

/** Reads a text in pieces, as replies to so many commands. */
function read(text: string, { asked = 1, size = text.length, pauseMs = 0 } = {}) {
  const clock = { now: 0 };
  const scanner = createReplyScanner(() => clock.now);
  const bytes = Buffer.from(text, 'latin1');
  for (let index = 0; index < bytes.length; index += size) {
    const fault = scanner.read(bytes.subarray(index, index + size), asked);
    if (fault !== undefined) return fault;
    clock.now += pauseMs;
  }
  return undefined;
}

const good = [
  '+OK\r\n',
  '-ERR no\r\n',
  ':-5\r\n',
  '$-1\r\n',
  '$0\r\n\r\n',
  '$5\r\na\r\nb!\r\n',
  '*-1\r\n',
  '*0\r\n',
  '*2\r\n:5\r\n$1\r\na\r\n',
  '*2\r\n*1\r\n+a\r\n*0\r\n',
];

describe('createReplyScanner', () => {
  it.each(good)('CASE-62: hands on %j, in one piece and byte by byte', (text) => {
    expect([read(text), read(text, { size: 1 })]).toEqual([undefined, undefined]);
  });

  it('CASE-62: hands on a reply for each command, and none more', () => {
    const text = good.join('');
    expect(read(text, { asked: good.length })).toBeUndefined();
    expect(read(text, { asked: good.length - 1 })).toBe('not_asked_for');
  });

  it.each<[string, string]>([
    ['>1\r\n_\r\n', 'not_a_reply'],
    ['_\r\n', 'not_a_reply'],
    ['#t\r\n', 'not_a_reply'],
    [',1.5\r\n', 'not_a_reply'],
    ['%1\r\n+a\r\n:1\r\n', 'not_a_reply'],
    ['|1\r\n+a\r\n+b\r\n+OK\r\n', 'not_a_reply'],
    ['!5\r\nERR a\r\n', 'not_a_reply'],
    ['HTTP/1.1 400 Bad Request\r\n\r\n', 'not_a_reply'],
    ['\r\n', 'not_a_reply'],
    ['+OK\n', 'not_a_reply'],
    [':1.5\r\n', 'not_a_reply'],
    [':\r\n', 'not_a_reply'],
    [`:${'9'.repeat(20)}\r\n`, 'not_a_reply'],
    ['$-5\r\n', 'not_a_reply'],
    ['$\r\n', 'not_a_reply'],
    ['$1e3\r\n', 'not_a_reply'],
    ['$2\r\nabc\r\n', 'not_a_reply'],
    ['$2\r\nab\r\r', 'not_a_reply'],
    ['$9999999999\r\n', 'not_a_reply'],
    ['$262145\r\n', 'too_large'],
    ['*1025\r\n', 'too_large'],
    [`+${'x'.repeat(2_000)}`, 'too_large'],
    ['*1\r\n'.repeat(5), 'too_deep'],
  ])('CASE-62: refuses %j: %s', (text, fault) => {
    expect([read(text), read(text, { size: 1 })]).toEqual([fault, fault]);
  });

  it('CASE-62: refuses half of a reply that nobody asked for', () => {
    expect(read('$10\r\nabc', { asked: 0 })).toBe('not_asked_for');
    expect(read('+OK\r\n*2\r\n:5', { asked: 1 })).toBe('not_asked_for');
  });

  it('CASE-62: refuses a reply that takes more than a second', () => {
    expect(read('$20\r\nabcdefghijklmnopqrst\r\n', { size: 5, pauseMs: 100 })).toBeUndefined();
    expect(read('$20\r\nabcdefghijklmnopqrst\r\n', { size: 5, pauseMs: 300 })).toBe('too_slow');
  });
});
