/** The state of a flow, the keys that seal it, and a second instance. */
import { Secret } from '@sallyport/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expectErrorPage, startAttacked } from './attacked.ts';
import {
  allow,
  answerOf,
  answerPage,
  askToken,
  callback,
  cookieIn,
  getCode,
  getTokens,
  openPage,
  redemptionOf,
  register,
  requestOf,
  signInAtProvider,
  ticketIn,
} from './raw-flow.ts';
import { type Served, sealingKey, startServed } from './served.ts';

const { served, client, now, later } = await startAttacked();

describe('REG-15: the state', () => {
  const finish = async () => {
    const allowed = await allow(served, client);
    return { ...allowed, url: await signInAtProvider(allowed.location) };
  };

  it('is refused when it is altered, of another purpose, doubled or missing', async () => {
    const { url, cookie } = await finish();
    const state = url.searchParams.get('state') ?? '';
    const code = await getCode(served, client);
    const changed = [
      state.slice(0, -2),
      `${state}A`,
      code,
      client.clientId,
      state.replace('..', '.A.'),
    ];
    for (const each of changed) {
      const other = new URL(url);
      other.searchParams.set('state', each);
      await expectErrorPage(await callback(other, cookie));
    }
    const doubled = new URL(url);
    doubled.searchParams.append('state', state);
    await expectErrorPage(await callback(doubled, cookie));
    const without = new URL(url);
    without.searchParams.delete('state');
    await expectErrorPage(await callback(without, cookie));
  });

  it('is refused after ten minutes', async () => {
    const { url, cookie } = await finish();
    later(601);
    await expectErrorPage(await callback(url, cookie));
  });

  it('is refused a second time: the callback deletes the cookie', async () => {
    const { url, cookie } = await finish();
    const response = await callback(url, cookie);
    const [removal = ''] = response.headers.getSetCookie();

    expect(removal).toContain(`${cookie.split('=', 1)[0]}=; Max-Age=0`);
    await expectErrorPage(await callback(url));
  });

  it('of another server with the same key is refused', async () => {
    const other = await startServed('sends iss', { now });
    onTestFinished(other.stop);
    const { url, cookie } = await finish();
    const moved = new URL(`${other.issuer}/callback${url.search}`);

    await expectErrorPage(await callback(moved, cookie));
  });

  it.each(['https://evil.example', '', 'twice'])(
    'with the issuer "%s" is refused',
    async (issuer) => {
      const { url, cookie } = await finish();
      expect(url.searchParams.get('iss')).toBe(served.standIn.issuer);
      if (issuer === 'twice') url.searchParams.append('iss', served.standIn.issuer);
      else url.searchParams.set('iss', issuer);
      if (issuer === '') {
        // An empty value counts as missing, and not every provider sends one.
        expect((await callback(url, cookie)).status).toBe(303);
        return;
      }
      await expectErrorPage(await callback(url, cookie));
    },
  );
});

describe('REG-22: keys and instances', () => {
  const previous = new Secret('the previous secret with at least 32 bytes');

  it('opens what the previous key sealed, and nothing of a lost key', async () => {
    let keys: Secret | readonly [Secret, Secret] = previous;
    const rotated = await startServed('sends iss', { sealingKey: () => keys });
    onTestFinished(rotated.stop);
    const old = await register(rotated);
    const tokens = await getTokens(rotated, old);
    const refresh = {
      grant_type: 'refresh_token',
      client_id: old.clientId,
      refresh_token: tokens.refresh_token ?? '',
    };
    keys = [sealingKey, previous];
    const again = await askToken(rotated, refresh);
    expect(again.status).toBe(200);
    keys = sealingKey;
    // Clients register again after this answer.
    expect(await askToken(rotated, refresh)).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
    const html = await expectErrorPage(await openPage(rotated, requestOf(rotated, old)));
    expect(html).toContain('Remove this server from your app, and add it again.');
  });

  it('takes a key that seals nothing yet, so that instances can change it one after the other', async () => {
    const before = await startServed('plain', { sealingKey: [previous, sealingKey] });
    const { resource, standIn } = before;
    const keys = { sealingKey: [sealingKey, previous] } as const;
    const after = await startServed('plain', { ...keys, resource, standIn });
    onTestFinished(async () => {
      await after.stop();
      await before.stop();
    });
    for (const [seals, opens] of [
      [before, after],
      [after, before],
    ] as const) {
      const id = await register(seals);
      expect((await openPage(opens, requestOf(opens, id))).status).toBe(200);
    }
  });

  it('lets each step of a sign-in come to another instance, and redeems a code once among them', async () => {
    const one = await startServed('plain');
    const two = await startServed('plain', { resource: one.resource, standIn: one.standIn });
    onTestFinished(async () => {
      await two.stop();
      await one.stop();
    });
    const at = (url: URL, { origin }: Served) => new URL(origin + url.pathname + url.search);
    const caller = await register(one);
    const page = await openPage(two, requestOf(one, caller));
    const allowed = await answerPage(one, ticketIn(await page.text()));
    const url = await signInAtProvider(new URL(allowed.headers.get('Location') ?? ''));
    const answer = answerOf(await callback(at(url, two), cookieIn(allowed)));
    const form = redemptionOf(one, caller, answer.get('code') ?? '');
    const first = await askToken(one, form);
    const again = await askToken(two, form);

    expect([first.status, again.status]).toEqual([200, 400]);
    // A code that is used twice ends the tokens of the first time, too (RFC 6749 §4.1.2).
    const { refresh_token = '' } = first.body;
    const refresh = { grant_type: 'refresh_token', client_id: caller.clientId, refresh_token };
    expect((await askToken(two, refresh)).body.error).toBe('invalid_grant');
  });
});
