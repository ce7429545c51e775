/** What the page says of a client: its name is a claim. */
import { entra, general } from '@sallyport/registration';
import { describe, expect, it, onTestFinished } from 'vitest';
import { endpoints, production, signInWith } from './in-process.ts';
import { claudeAddress, loopbackAddress } from './raw-flow.ts';
import { sealingKey } from './served.ts';

const common = { clientId: 'the-mcp-server', sealingKey };
const good = general({ ...common, ...endpoints });

async function startHere(signIn = good, changes: object = {}) {
  const here = await signInWith(signIn, production, changes);
  onTestFinished(here.gated.close);
  return here;
}

describe("REG-21: a client's name", () => {
  const pageFor = async (client_name: string, address = loopbackAddress) => {
    const { open } = await startHere();
    return (await open({ address, name: client_name }, { scope: 'notes:read' })).html;
  };

  it('is text, and never markup', async () => {
    const html = await pageFor('</strong><script>alert(1)</script><img src=x onerror="alert(1)">');

    expect(html).toContain('&lt;script&gt;');
    expect(html).not.toMatch(/<script|<img/);
  });

  it('cannot turn the text around it, hide in it, or push the page away', async () => {
    const html = await pageFor(
      `\u202eedualC\u202c\u200b\u2066\u0000\n${'A\u0301\u0301\u0301'.repeat(90)}`,
    );
    const [, name = ''] = /calls itself “<bdi>(.*)<\/bdi>”/s.exec(html) ?? [];

    expect(name).toMatch(/^edualC /);
    expect(name).not.toMatch(/[\p{Cf}\p{Cc}]/u);
    expect(Array.from(name).length).toBeLessThanOrEqual(60);
  });

  it('comes last, as a claim: a program on this computer that says it is Claude is not shown as Claude', async () => {
    const local = await pageFor('Claude');
    const real = await pageFor('Something else', claudeAddress);

    expect(local).toContain('<strong><bdi>A program on your own computer</bdi></strong>');
    expect(local).not.toContain('<strong><bdi>Claude');
    expect(local.indexOf(loopbackAddress)).toBeLessThan(local.indexOf('notes:read'));
    expect(local.indexOf('notes:read')).toBeLessThan(local.indexOf('calls itself'));
    expect(local).toContain('This server cannot check that name');
    expect(real).toContain('<strong><bdi>Claude</bdi></strong>');
  });
});

describe('REG-16, REG-21: who gets the answer', () => {
  it('sends no answer when the address is there twice, whatever else is', async () => {
    const { askWith } = await (await startHere()).open({});
    const twice = `&redirect_uri=${encodeURIComponent(loopbackAddress)}`;
    for (const extra of [`&scope=&scope=${twice}`, `&a=1&a=2&client_id=a${twice}`]) {
      const response = await askWith(extra);

      expect([response.status, response.headers.get('Location')]).toEqual([400, null]);
    }
  });

  it('a name cannot end its own quotation, and go on as words of the page', async () => {
    const { open } = await startHere();
    for (const [before, after] of ['””', '""', '»«', '„“'].map((pair) => [...pair])) {
      const { html } = await open({ name: `Claude${before}. It was checked. ${after}` });

      expect(html).toContain('“<bdi>Claude&#39;. It was checked. &#39;</bdi>”');
    }
  });

  it('warns at an address of a private scheme: another program can claim it', async () => {
    const { open } = await startHere();
    const cursor = await open({ address: 'cursor://anysphere.cursor-mcp/oauth/callback' });
    const web = await open({ address: 'https://claude.ai/api/mcp/auth_callback' });

    expect(cursor.html).toContain('<strong><bdi>Cursor</bdi></strong>');
    expect(cursor.html).toContain('Any program on your computer can receive it.');
    expect(web.html).not.toContain('Any program on your computer');
  });
});

it('REG-20: the page names the scopes that Entra adds when the person allowed them earlier', async () => {
  const tenant = '8f2c1d5e-3b7a-4c9d-8e6f-1a2b3c4d5e6f';
  const atEntra = await startHere(
    entra({ ...common, tenant, applicationIdUri: `api://${tenant}` }),
  );
  const { html } = await atEntra.open({}, { scope: 'notes:read' });
  const [before = '', after = ''] = html.split('If you allowed these earlier');

  expect(before).toContain('notes:read</code>');
  expect(before).not.toContain('notes:write</code>');
  expect(after).toContain('notes:write</code>');
  const { html: all } = await atEntra.open({}, { scope: 'notes:read notes:write' });
  const { html: elsewhere } = await (await startHere()).open({}, { scope: 'notes:read' });
  expect(all + elsewhere).not.toContain('earlier');
});

it('REG-01, REG-21: no page and no field of an answer repeats a word of a link', async () => {
  const { ask, form, register, allow } = await startHere();
  const client = await register();
  const words = '"><script>word-of-a-link</script>';
  const allowed = await allow(client, 'notes:read');
  const state = new URL(allowed.headers.get('Location') ?? '').searchParams.get('state') ?? '';
  const [Cookie = ''] = (allowed.headers.get('Set-Cookie') ?? '').split(';', 1);
  const own = { Origin: 'https://mcp.example.com' };
  const redirect_uri = claudeAddress;
  const query = (values: Record<string, string>) => String(new URLSearchParams(values));
  const answers = [
    ask(`/authorize?${query({ client_id: words, redirect_uri: words, state: words })}`),
    ask(`/authorize?${query({ client_id: client, redirect_uri: words, state: words })}`),
    ask(`/authorize?${query({ client_id: client, redirect_uri, scope: words, resource: words })}`),
    ask(`/authorize?${query({ client_id: client, redirect_uri, state: 'a\r\nSet-Cookie: a=b' })}`),
    ask('/consent', form({ request: words, decision: words }, own)),
    ask('/consent', form({ request: words }, { Origin: words })),
    ask(`/callback?${query({ state: words, error: words })}`),
    ask(`/callback?${query({ state, error: words, error_description: words })}`),
    ask(`/callback?${query({ state, error: words, error_description: words })}`, {
      headers: { Cookie },
    }),
    ask(`/callback?${query({ state, code: 'c', iss: words })}`, { headers: { Cookie } }),
    ask('/token', form({ grant_type: words, client_id: words })),
  ];
  for (const answer of answers) {
    const { headers, ...response } = await answer.then(async (each) => ({
      headers: [...each.headers].join(),
      body: await each.text(),
    }));
    expect(decodeURIComponent(headers) + response.body).not.toMatch(
      /word-of-a-link|Set-Cookie: a=b/,
    );
  }
});
