/** One server for each file of attacks, and a look at what it reported. */
import type { RateLimiter } from '@sallyport/core';
import { afterAll, expect, onTestFinished } from 'vitest';
import { register, secretsSeen } from './raw-flow.ts';
import { startServed } from './served.ts';

const allowed = { allowed: true, retryAfterSeconds: 0 };
/** The attacks of one file come from one address. */
const patient: RateLimiter = { peek: async () => allowed, countFailure: async () => allowed };

/** Starts a server for the tests of one file, with a client that has registered. */
export async function startAttacked() {
  let clock = 0;
  const now = () => Date.now() + clock;
  const served = await startServed('sends iss', { now, settings: { rateLimiter: patient } });
  afterAll(async () => {
    await served.stop();
    // Leak watch does not know codes, tickets, cookies and sealed values.
    const reported = JSON.stringify([served.events, served.refusals]);
    const found = [...secretsSeen].filter((secret) => reported.includes(secret.slice(0, 16)));
    expect(found).toEqual([]);
    expect(secretsSeen.size).toBeGreaterThan(0);
  });
  return {
    served,
    client: await register(served),
    now,

    advance(seconds: number): void {
      clock += seconds * 1_000;
    },

    /** Runs the rest of a test that many seconds later. */
    later(seconds: number): void {
      clock = seconds * 1_000;
      onTestFinished(() => {
        clock = 0;
      });
    },
  };
}

/** The page says why, and the browser goes nowhere. */
export async function expectErrorPage(response: Response, status = 400): Promise<string> {
  expect(response.status).toBe(status);
  expect(response.headers.get('Location')).toBeNull();
  expect(response.headers.get('Referrer-Policy')).toBe('no-referrer');
  expect(response.headers.get('Cache-Control')).toBe('no-store');
  const html = await response.text();
  expect(html).toContain('<h1>');
  return html;
}
