/**
 * The gate and whoever comes behind it read every request in one way: each host, both lines of the SDK,
 * both versions of HTTP, each common body parser before and behind the gate, and every odd body.
 */
import { afterAll, expect, it } from 'vitest';
import { tokens } from '../fixture.ts';
import { attack, closeAll, createMixedGate, pairs } from './one-reading/attack.ts';
import { handlerNames, type Markers } from './one-reading/handlers.ts';
import { arrangements } from './one-reading/hosts.ts';
import { honestRead, honestWrite } from './one-reading/requests.ts';
import { openSender } from './one-reading/send.ts';

let sent = 0;

afterAll(() => {
  process.stdout.write(`one reading: ${sent} requests\n`);
});

// Each pair sends another share of these. Nightly, each sends all of them.
const share = { stranger: 12, own: 3, withSdk: 9 };

it.each(pairs.map((pair, number) => ({ ...pair, number })))(
  'CASE-01, CASE-02, CASE-03, MCP-13, HDR-21, MCP-22: $handler behind $arrangement.name writes nothing for a token that may read, and nothing without a token',
  async ({ arrangement, handler, number }) => {
    const attacked = await attack(arrangement, handler, (attempt, who) => {
      if (who === 'a stranger') return (attempt + number) % share.stranger === 0;
      return (attempt + number) % (handler === 'own' ? share.own : share.withSdk) === 0;
    });
    sent += attacked.sent;

    expect(attacked.odd).toEqual([]);
    expect(attacked.markers.write).toBe(0);
    await attacked.close();
  },
);

// Without these the markers could be out of reach, and the test above would prove nothing.
const unobstructed = arrangements.filter(
  ({ name }) => !/text|raw|bytes|urlencoded|buffers|body behind/.test(name),
);

it.each(
  unobstructed.flatMap((arrangement) => handlerNames.map((handler) => ({ arrangement, handler }))),
)(
  'lets $handler read without a token and write with one that may, behind $arrangement.name',
  async ({ arrangement: { http, start }, handler }) => {
    const markers: Markers = { read: 0, write: 0 };
    const server = await start(createMixedGate(), handler, markers);
    const sender = openSender(server, http);
    await sender.send(honestRead, undefined);
    await sender.send(honestWrite, tokens.write);

    expect(markers.read).toBeGreaterThan(0);
    expect(markers.write).toBeGreaterThan(0);
    await closeAll(sender, server);
  },
);
