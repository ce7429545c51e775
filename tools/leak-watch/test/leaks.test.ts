/** The watch runs on tests that leak, in a separate process. It must fail each of them. */
import { fileURLToPath } from 'node:url';
import { runFailingTests } from '@sallyport/test-parts/failing-tests';
import { expect, it } from 'vitest';
import { createPieceIndex } from '../src/pieces.ts';
import { secretOf } from './leaks/secret-of.ts';

/** What is said of each test that leaks; `undefined` of those that do not. */
const expected: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
  'outputs.leaks.ts': {
    console: 'a console or standard stream shows',
    'standard output': 'a console or standard stream shows',
    'standard error': 'a console or standard stream shows',
    'object on the console': 'a console or standard stream shows',
    program: 'a program that a test started shows',
    'program with a broken line': 'a line of the log is not JSON',
    'detail of an AuthError': 'an error shows',
    'cause of an AuthError': 'an error shows',
    'member of the cause of an AuthError': 'an error shows',
    ConfigError: 'an error shows',
    'part of a secret': 'an error shows',
    'before it is known to be a secret': 'an error shows',
    'audit event': 'an audit event shows',
    refusal: 'a refusal shows',
    'answer of the gate': 'an answer of the gate shows',
    'operational event': 'an operational event shows',
    'line of the log': 'a line of the log shows',
    span: 'a span or metric shows',
    'body of an HTTP answer': 'an HTTP answer shows',
    'header of an HTTP answer': 'an HTTP answer shows',
    'start-up report': 'a start-up report shows',
    nothing: undefined,
  },
  'secrets.leaks.ts': {
    'in a Secret': 'a console or standard stream shows',
    'in the environment': 'a console or standard stream shows',
    'in a header field that fetch sends': 'a console or standard stream shows',
    'in a header field that node:http is sent': 'a console or standard stream shows',
    'in a header field that node:http sends': 'a console or standard stream shows',
    'in credentials': 'a console or standard stream shows',
    'in a verification': 'a console or standard stream shows',
    'in a table of tokens': 'a console or standard stream shows',
    'signed by SignJWT': 'a console or standard stream shows',
    'signed by CompactSign': 'a console or standard stream shows',
    minted: 'a console or standard stream shows',
    issued: 'a console or standard stream shows',
    'in the environment of a program': 'a console or standard stream shows',
    'turns a valid token into a complete principal that nobody can change': 'an error shows',
    nothing: undefined,
  },
};

const root = fileURLToPath(new URL('..', import.meta.url));
const report = await runFailingTests(root, 'test/leaks/vitest.config.ts', process.env);

for (const [file, leaks] of Object.entries(expected)) {
  const results = report.testResults.find(({ name }) => name.endsWith(`/${file}`));
  const cases = results?.assertionResults ?? [];

  it(`${file} has no leak without an expectation`, () => {
    const own = cases.map(({ title }) => title);

    expect(own).toEqual(expect.arrayContaining(Object.keys(leaks)));
  });

  it.each(Object.entries(leaks))(`${file} fails for what it shows: %s`, (leak, said) => {
    const found = cases.find(({ title }) => title === leak);
    const messages = found?.failureMessages.join('\n') ?? '';

    expect(found?.status).toBe(said === undefined ? 'passed' : 'failed');
    expect(messages).toContain(said ?? '');
    // What leaked is not shown once more.
    const index = createPieceIndex(1_000);
    for (const title of [leak, 'in a contract']) index.add(secretOf(title));
    expect(index.findIn(messages)).toEqual([]);
  });
}
