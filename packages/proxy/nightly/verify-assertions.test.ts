/** The examples of the README by which servers in other languages verify assertions, run as they are written there. */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Secret } from '@sallyport/core';
import { findFreePort } from '@sallyport/test-parts/free-port';
import { expect, it, onTestFinished } from 'vitest';
import { call, ping, post, resource, startProxy } from '../test/fixture.ts';
import { startRecordingUpstream } from '../test/recording-upstream.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** An example, with the addresses of a test in the place of its own. */
function exampleOf(language: string, addresses: { keySetUrl: string; audience: string }): string {
  const [, code = ''] = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'ms').exec(readme) ?? [];
  expect(code).toContain(resource);
  return code
    .replaceAll(
      'http://127.0.0.1:8000/.well-known/sallyport-assertion-keys.json',
      addresses.keySetUrl,
    )
    .replaceAll('http://127.0.0.1:9000/mcp', addresses.audience);
}

const keySetOf = (url: URL) => new URL('/.well-known/sallyport-assertion-keys.json', url).href;

function canRun(program: string, words: readonly string[]): boolean {
  try {
    execFileSync(program, words, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'verify-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function untilAnswers(url: string, child: ChildProcess): Promise<void> {
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  while (
    !(await fetch(url).then(
      () => true,
      () => false,
    ))
  ) {
    if (child.exitCode !== null) throw new Error(errors);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

// pip install fastmcp
it.runIf(canRun('python3', ['-c', 'import fastmcp']))(
  'MCP-19: a FastMCP server in Python knows who calls, and refuses who comes without an assertion',
  async () => {
    const url = `http://127.0.0.1:${await findFreePort()}/mcp`;
    const proxy = await startProxy({ url });
    onTestFinished(() => proxy.stop());
    const file = join(temporaryFolder(), 'server.py');
    writeFileSync(
      file,
      [
        'from fastmcp import FastMCP',
        'from fastmcp.server.auth.providers.jwt import JWTVerifier',
        'from fastmcp.server.dependencies import get_access_token',
        exampleOf('py', { keySetUrl: keySetOf(proxy.url), audience: url }),
        '@mcp.tool',
        'def whoami() -> str:',
        '    return get_access_token().claims["sub"]',
        `mcp.run(transport="http", host="127.0.0.1", port=${new URL(url).port}, stateless_http=True)`,
      ].join('\n'),
    );
    const child = spawn('python3', [file], { stdio: ['ignore', 'ignore', 'pipe'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    await untilAnswers(url, child);

    const answer = await post(proxy.url, call('whoami'));

    expect(await answer.text()).toContain('https://auth.example.com#alice');
    expect((await post(new URL(url), call('whoami'))).status).toBe(401);
  },
);

/** A proxy, one good assertion, and three tokens that look like it. */
async function startAssertions() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const assertionKey = new Secret(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  const upstream = await startRecordingUpstream();
  const proxy = await startProxy({ url: upstream.url, assertionKey });
  const other = await startProxy({
    url: upstream.url,
    assertionKey,
    audience: 'https://elsewhere.example',
  });
  onTestFinished(async () => {
    await proxy.stop();
    await other.stop();
    await upstream.stop();
  });
  const assertionFrom = async (url: URL) => {
    await post(url, ping);
    return upstream.seen.at(-1)?.headers.authorization?.replace('Bearer ', '') ?? '';
  };
  const good = await assertionFrom(proxy.url);
  const [header = '', claims = '', signature = ''] = good.split('.');
  const plainType = Buffer.from(
    JSON.stringify({ ...JSON.parse(Buffer.from(header, 'base64url').toString()), typ: 'at+jwt' }),
  ).toString('base64url');
  const signed = sign('sha256', Buffer.from(`${plainType}.${claims}`), {
    key: privateKey,
    dsaEncoding: 'ieee-p1363',
  }).toString('base64url');
  return {
    keySetUrl: keySetOf(proxy.url),
    audience: upstream.url,
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    tokens: [
      good,
      await assertionFrom(other.url),
      `${header}.${claims}.${'A'.repeat(signature.length)}`,
      `${plainType}.${claims}.${signed}`,
    ],
  };
}

const onlyTheFirst = ['https://auth.example.com#alice', 'refused', 'refused', 'refused'];

const javaImports = [
  'org.jose4j.jwa.AlgorithmConstraints.ConstraintType',
  'org.jose4j.jwk.HttpsJwks',
  'org.jose4j.jwt.JwtClaims',
  'org.jose4j.jwt.consumer.InvalidJwtException',
  'org.jose4j.jwt.consumer.JwtConsumerBuilder',
  'org.jose4j.keys.resolvers.HttpsJwksVerificationKeyResolver',
];

// Java finds jose4j and slf4j-api in CLASSPATH.
it.runIf(canRun('javap', ['org.jose4j.jwk.HttpsJwks']))(
  'MCP-19: jose4j in Java takes an assertion, and no other token',
  async () => {
    const { tokens, ...addresses } = await startAssertions();
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, 'Verify.java'),
      [
        ...javaImports.map((name) => `import ${name};`),
        'class Verify {',
        '  public static void main(String[] tokens) throws Exception {',
        '    for (String token : tokens) {',
        '      try {',
        exampleOf('java', addresses),
        '        System.out.println(claims.getSubject());',
        '      } catch (InvalidJwtException error) { System.out.println("refused"); }',
        '    }',
        '  }',
        '}',
      ].join('\n'),
    );
    // Not synchronously: Java asks this process for the keys.
    const { stdout: said } = await promisify(execFile)('java', ['Verify.java', ...tokens], {
      cwd: folder,
    });

    expect(said.trim().split('\n')).toEqual(onlyTheFirst);
  },
);

// Debian: apt-get install golang-go golang-github-golang-jwt-jwt-dev
const goPath = { GO111MODULE: 'off', GOPATH: '/usr/share/gocode' };
const goLibrary = 'github.com/golang-jwt/jwt';

it.runIf(canRun('go', ['version']) && existsSync(join(goPath.GOPATH, 'src', goLibrary)))(
  'MCP-19: golang-jwt in Go takes an assertion, and no other token',
  async () => {
    const { tokens, publicKey, ...addresses } = await startAssertions();
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, 'main.go'),
      [
        'package main',
        `import ("errors"; "fmt"; "os"; "${goLibrary}")`,
        `var publicKey, _ = jwt.ParseECPublicKeyFromPEM([]byte(\`${publicKey}\`))`,
        exampleOf('go', addresses),
        'func main() {',
        '\tfor _, token := range os.Args[1:] {',
        '\t\tclaims, err := verify(token)',
        '\t\tif err != nil { fmt.Println("refused") } else { fmt.Println(claims["sub"]) }',
        '\t}',
        '}',
      ].join('\n'),
    );
    const { stdout: said } = await promisify(execFile)('go', ['run', 'main.go', ...tokens], {
      cwd: folder,
      env: { ...process.env, ...goPath, GOCACHE: join(folder, 'cache') },
    });

    expect(said.trim().split('\n')).toEqual(onlyTheFirst);
  },
);
