/** Consent: links of strangers, forged and framed answers, and two flows at once. */
import { general } from '@sallyport/registration';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expectErrorPage, startAttacked } from './attacked.ts';
import { endpoints, production, signInWith } from './in-process.ts';
import {
  allow,
  answerOf,
  answerPage,
  callback,
  cookieIn,
  loopbackAddress,
  openPage,
  requestOf,
  signInAtProvider,
  ticketIn,
} from './raw-flow.ts';
import { sealingKey } from './served.ts';

const { served, client, later } = await startAttacked();

describe("REG-01, REG-11: a stranger's link", () => {
  it('shows the page to a person who said yes before, and sets no cookie', async () => {
    const { cookie } = await allow(served, client);
    const page = await openPage(served, requestOf(served, client), { Cookie: cookie });

    expect(page.status).toBe(200);
    expect(page.headers.getSetCookie()).toEqual([]);
    expect(await page.text()).toContain(loopbackAddress);
  });

  it('ends at the callback when the stranger said yes in his own browser', async () => {
    const stranger = await allow(served, client);
    const atVictim = await signInAtProvider(stranger.location);

    await expectErrorPage(await callback(atVictim));
    await expectErrorPage(await callback(atVictim, (await allow(served, client)).cookie));
  });
});

it('REG-12: a link straight to the provider with the client id of this server ends at the callback', async () => {
  const { location } = await allow(served, client);
  for (const state of [undefined, 'a state of the stranger']) {
    const straight = new URL(location);
    straight.searchParams.delete('state');
    if (state !== undefined) straight.searchParams.set('state', state);
    const html = await expectErrorPage(await callback(await signInAtProvider(straight)));

    expect(html).toContain('did not begin here');
  }
});

it('REG-13: the address of the provider, captured after the consent, is of no use in another browser', async () => {
  const attacker = await allow(served, client);
  const victim = await allow(served, client);
  const answered = await signInAtProvider(attacker.location);
  const swapped = victim.cookie.replace(/=.*/s, '') + attacker.cookie.replace(/^[^=]*/s, '');

  for (const cookie of [
    undefined,
    victim.cookie,
    swapped,
    `${attacker.cookie}; ${attacker.cookie}x`,
  ]) {
    await expectErrorPage(await callback(answered, cookie));
  }
  // The browser that said yes gets its code.
  expect(answerOf(await callback(answered, attacker.cookie)).get('code')).toBeTruthy();
});

describe('REG-14: consent', () => {
  const openTicket = async () =>
    ticketIn(await (await openPage(served, requestOf(served, client))).text());

  it.each([
    ['another page', { Origin: 'https://evil.example' }],
    ['a page without an origin', { Origin: 'null' }],
    ['a page of another port', { Origin: 'http://localhost:1' }],
    ['an unknown page', {}],
    ['another site, without Origin', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a sibling host', { 'Sec-Fetch-Site': 'same-site' }],
  ])('is refused when %s sends the form', async (_name, headers) => {
    const response = await answerPage(served, await openTicket(), 'allow', headers as never);

    expect(response.headers.getSetCookie()).toEqual([]);
    await expectErrorPage(response, 403);
  });

  it('is refused when the ticket is forged, altered, missing, of another purpose, or expired', async () => {
    const ticket = await openTicket();
    const middle = Math.floor(ticket.length / 2);
    const flipped = ticket[middle] === 'A' ? 'B' : 'A';
    const state = (await allow(served, client)).location.searchParams.get('state') ?? '';
    const altered = ticket.slice(0, middle) + flipped + ticket.slice(middle + 1);
    for (const each of ['', 'a', 'a.b.c.d.e', altered, state, client.clientId]) {
      await expectErrorPage(await answerPage(served, each));
    }
    await expectErrorPage(await answerPage(served, ticket, 'perhaps'));
    // More than a form of this page can have.
    await expectErrorPage(await answerPage(served, 'a'.repeat(32_768)));
    later(601);
    await expectErrorPage(await answerPage(served, ticket));
  });

  it('cannot be framed, and its page runs nothing', async () => {
    const { headers } = await openPage(served, requestOf(served, client));
    const policy = headers.get('Content-Security-Policy') ?? '';

    expect(headers.get('X-Frame-Options')).toBe('DENY');
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; form-action /);
    expect(policy).not.toContain('unsafe');
  });

  it('cannot be replayed: the cookie of one answer does not fit another', async () => {
    const ticket = await openTicket();
    const [first, second] = [await answerPage(served, ticket), await answerPage(served, ticket)];
    const url = await signInAtProvider(new URL(first.headers.get('Location') ?? ''));

    expect(cookieIn(first)).not.toBe(cookieIn(second));
    await expectErrorPage(await callback(url, cookieIn(second)));
  });

  it('cannot be fixated: the cookie is for this host alone, and new with every yes', async () => {
    const signIn = general({ clientId: 'a', sealingKey, ...endpoints });
    const {
      gated,
      register: registerThere,
      allow: allowThere,
    } = await signInWith(signIn, production);
    onTestFinished(gated.close);
    const id = await registerThere();
    const cookieOf = async () =>
      (await allowThere(id, 'notes:read')).headers.get('Set-Cookie') ?? '';
    const [first, second] = [await cookieOf(), await cookieOf()];

    expect(first).toMatch(
      /^__Host-sallyport-[\w-]{22}=[\w-]{22}; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    );
    expect(first.split('=', 1)).not.toEqual(second.split('=', 1));
  });

  it('of two flows at once ends each with its own cookie', async () => {
    const [one, two] = [await allow(served, client), await allow(served, client)];
    const both = `${one.cookie}; ${two.cookie}`;
    for (const { location } of [two, one]) {
      const response = await callback(await signInAtProvider(location), both);

      expect(answerOf(response).get('code')).toBeTruthy();
      expect(answerOf(response).get('iss')).toBe(served.issuer);
    }
  });
});
