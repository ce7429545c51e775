/** The same with settings from a Secret Manager. Alone, since the program of the others prints a token. */
import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { expect, it } from 'vitest';
import { expectWhole } from './expect-whole.ts';
import { countResults, type LifeOptions, liveUnderLoad } from './whole-life.ts';

/** With the key in a Secret Manager. */
async function withSecretManager(): Promise<LifeOptions> {
  const key = randomBytes(32).toString('base64url');
  const token = await new SignJWT({ client_id: 'load', scope: 'read:data' })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('https://id.acme-corp.dev')
    .setAudience('https://notes.acme-corp.dev/mcp')
    .setSubject('load')
    .setIssuedAt()
    .setExpirationTime('10m')
    .sign(new TextEncoder().encode(key));
  const entry = new URL('./secret-manager-process.ts', import.meta.url).pathname;
  return { entry, token, variables: { ENVIRONMENT: 'production', HMAC_KEY: key } };
}

it('CASE-20, CASE-25: accounts for every request with a Secret Manager that takes 50 ms', async () => {
  const life = await liveUnderLoad(await withSecretManager());

  expectWhole(life);
  expect(countResults(life).before[200]).toBeGreaterThan(0);
});
