import { createCookieJar } from '@sallyport/testing';
import { expect, it } from 'vitest';
import { buildRequest, notes, register, start } from './client.ts';

async function openPage(clientName: string, changes: Record<string, string> = {}) {
  const server = await start();
  const clientId = await register(server, { client_name: clientName });
  const { url } = buildRequest(server, {
    clientId,
    scope: 'openid notes:read unknown',
    resource: notes.resource,
    changes,
  });
  const cookies = createCookieJar();
  const redirect = await fetch(url, { redirect: 'manual' });
  cookies.store(url, redirect.headers.getSetCookie());
  const page = new URL(redirect.headers.get('Location') ?? '', url);
  const response = await fetch(page, { headers: { Cookie: cookies.headerFor(page) } });
  return { server, clientId, page, response, html: await response.text(), cookies };
}

it('says who asks for what', async () => {
  const { html, clientId, response } = await openPage('Inspector');

  expect(response.status).toBe(200);
  expect(response.headers.get('Content-Type')).toMatch(/^text\/html; charset=utf-8/);
  for (const shown of ['Inspector', clientId, notes.resource, 'notes:read', 'openid']) {
    expect(html).toContain(shown);
  }
  expect(html).not.toContain('notes:write');
  expect(html).not.toContain('unknown');
  expect(html).toContain('value="developer"');
  expect(html).toMatch(/<label for="subject">Sign in as<\/label>\s*<input id="subject"/);
});

it('proposes the person whom the client hints at', async () => {
  const { html } = await openPage('Inspector', { login_hint: '"><i>ada' });

  expect(html).toContain('value="&quot;&gt;&lt;i&gt;ada"');
});

it('cannot be made to say something else by the name of a client', async () => {
  const { html } = await openPage('</title><script>alert(1)</script><img src=x onerror="a()">\'&');

  expect(html).not.toMatch(/<script|<img/);
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(html).toContain('&#39;&amp;');
});

it('loads nothing, and stays out of frames and caches', async () => {
  const { html, response } = await openPage('Inspector');

  expect(html).not.toMatch(/<(?:script|link|img|iframe)|url\(|@import/);
  const policy = response.headers.get('Content-Security-Policy');
  expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+';/);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(response.headers.get('Cache-Control')).toBe('no-store');
});

it('can neither be seen nor submitted from another browser', async () => {
  const { server, page } = await openPage('Inspector');

  const seen = await fetch(page);
  const submitted = await fetch(page, {
    method: 'POST',
    body: new URLSearchParams({ subject: 'developer', decision: 'allow' }),
    redirect: 'manual',
  });

  expect([seen.status, submitted.status]).toEqual([400, 400]);
  expect(await seen.text()).toContain('Start again');
  expect(server.hits(page.pathname)).toBe(3);
});

it('takes a form without a decision for a no', async () => {
  const { page, cookies } = await openPage('Inspector');

  const response = await fetch(page, {
    method: 'POST',
    body: new URLSearchParams({ subject: 'developer' }),
    redirect: 'manual',
    headers: { Cookie: cookies.headerFor(page) },
  });
  const resume = new URL(response.headers.get('Location') ?? '', page);
  const end = await fetch(resume, {
    redirect: 'manual',
    headers: { Cookie: cookies.headerFor(resume) },
  });

  expect(end.headers.get('Location')).toContain('error=access_denied');
});
