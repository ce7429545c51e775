import { describe, expect, it } from 'vitest';
import { parseEndpoint } from '../src/index.ts';

const development = { allowLoopback: true, allowPrivateNetwork: false };
const production = { allowLoopback: false, allowPrivateNetwork: false };

describe('parseEndpoint (JWK-01)', () => {
  it.each([
    'https://auth.example.com/jwks',
    'https://auth.example.com/jwks?appid=1',
    'https://8.8.8.8/',
  ])('takes %s', (url) => {
    expect(parseEndpoint('jwt.url', url, production).href).toBe(url);
  });

  it.each([
    'http://localhost:8080/jwks',
    'http://127.0.0.1/jwks',
    'http://[::1]/jwks',
    'https://127.0.0.1/',
  ])('takes %s in development only', (url) => {
    expect(parseEndpoint('jwt.url', url, development).href).toBe(url);
    expect(() => parseEndpoint('jwt.url', url, production)).toThrow(
      expect.objectContaining({ name: 'ConfigError', option: 'jwt.url' }),
    );
  });

  it.each([
    'http://auth.example.com/jwks',
    'http://localhost.evil.example/jwks',
    'http://127.0.0.1.evil.example/jwks',
    'ftp://auth.example.com/jwks',
    'file:///etc/passwd',
    'data:application/json,{}',
    'https://user:hunter2@auth.example.com/jwks',
    'https://auth.example.com/jwks#hunter2',
    'https://auth.example.com/jwks#',
    ' https://auth.example.com/jwks',
    'https://auth.example.com/jwks\n',
    'https://10.0.0.1/jwks',
    'https://169.254.169.254/',
    'https://0xa9fea9fe/',
    'https://2852039166/',
    'https://0251.0376.0251.0376/',
    'https://[::ffff:169.254.169.254]/',
    'https://[::]/',
    'http://0/',
    'https://metadata.google.internal/computeMetadata/v1/',
    'https://METADATA.GOOGLE.INTERNAL./',
    'https://metadata/',
    'https://instance-data/latest/',
    'https://api.metadata.cloud.ibm.com/',
    'https://[64:ff9b::169.254.169.254]/',
    'https://[fd20:ce::254]/',
    '/jwks',
    '',
  ])('refuses %j, and repeats nothing of it', (url) => {
    const parse = () => parseEndpoint('jwt.url', url, development);

    expect(parse).toThrow(expect.objectContaining({ name: 'ConfigError', option: 'jwt.url' }));
    expect(parse).not.toThrow(/hunter2/);
  });
});
