import { fileURLToPath } from 'node:url';
import { runFailingTests } from '@sallyport/test-parts/failing-tests';
import { expect, it } from 'vitest';

/** Which case must catch which defect. Those of `none` catch nothing. */
const expected: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
  'verifier.mutants.ts': {
    none: undefined,
    'can be changed': 'complete principal that nobody can change',
    'has claims that can be changed': 'complete principal that nobody can change',
    'has an audience that can be changed': 'complete principal that nobody can change',
    'has no subject': 'complete principal that nobody can change',
    'shares its scopes': 'gives the same answer twice',
    'outlasts its token': 'ends the principal no later',
    'keeps its token': 'leaves nothing of the token in the principal',
    'shows tokens in details': 'refuses a token that is garbage',
    'shows tokens in causes': 'refuses a token that is garbage',
    'knows no bindings': undefined,
    'takes no notice of bindings': 'refuses a token that is senderConstrained',
    'lets everybody use bound tokens': 'refuses a token that is senderConstrained',
    'asks for the wrong proof': 'lets a bound token through only',
    'remembers bound tokens for everybody': 'lets a bound token through only',
    'keeps bindings to itself': 'lets a bound token through only',
    'tells of another binding': 'lets a bound token through only',
    'throws by accident': 'refuses __proto__',
    'uses the clock of the host': 'judges time by the context',
    'accepts what it cannot parse': 'refuses three segments',
    'mixes calls up': 'keeps concurrent verifications apart',
    'needs somebody who waits': 'needs no network',
    'blames the token for an abort': 'when nobody waits',
    'none, asking about every token': undefined,
    'none, with keys': undefined,
    'asks when it must not': 'asks about a few tokens of a client over its limit',
    'fetches no keys for a bad neighbourhood': 'answers verified or upstream_unavailable',
    'blames the token for an outage': 'does not blame the token for an outage',
  },
  'readings.mutants.ts': {
    none: undefined,
    'calls hits misses': 'is right about what it remembers',
    'counts misses only once': 'is right about what it remembers',
    'counts what is not there': 'is right about what it remembers',
    'remembers more with each look-up': 'is right about what it remembers',
    'counts for all verifiers together': 'is right about what it remembers',
  },
  'limiter.mutants.ts': {
    none: undefined,
    'counts when asked': 'counts nothing when it is only asked',
    'is not atomic': 'allows exactly 10 of 100',
    'takes keys for names': 'keeps keys apart',
    'has fixed windows': 'never allows more in any window',
    'never forgets': 'forgets after a window',
    'says a window for every wait': 'is right about when to come back',
    'says too short a wait': 'is right about when to come back',
    'puts it off with every refused failure': 'is right about when to come back',
    'knows no networks': 'counts the /48 around IPv6 clients',
    'counts a refused failure in one place': 'counts the /48 around IPv6 clients',
    'counts failures for keys': 'is right about how many keys',
    'refuses everything': 'counts nothing when it is only asked',
    'says wrongly what is left': 'says the truth about what is left',
  },
  'provider.mutants.ts': {
    none: undefined,
    'calls an outage an absence': 'does not call an outage an absence',
    'says nothing about an outage': 'does not call an outage an absence',
    'throws an absence': 'says so when there is no such secret',
    'trims values': 'byte for byte',
    'shows values as versions': 'shows nothing of the value',
    'shows values in errors': 'does not call an outage an absence',
    'follows paths': 'finds nothing under a path',
    'refuses everything': 'byte for byte',
    'waits for nobody': 'gives up within 5 seconds',
  },
};

const root = fileURLToPath(new URL('..', import.meta.url));
const report = await runFailingTests(root, 'test/mutants/vitest.config.ts', process.env);

for (const [file, mutants] of Object.entries(expected)) {
  const results = report.testResults.find(({ name }) => name.endsWith(`/${file}`));
  const cases = results?.assertionResults ?? [];

  it(`${file} has no mutant without an expectation`, () => {
    const names = new Set(cases.map(({ ancestorTitles: [name] }) => name));

    expect([...names].sort()).toEqual(Object.keys(mutants).sort());
  });

  it.each(Object.entries(mutants))(`${file}: %s`, (mutant, caughtBy) => {
    const failed = cases
      .filter(({ ancestorTitles: [name], status }) => name === mutant && status !== 'passed')
      .map(({ title }) => title);

    expect(failed).toEqual(
      caughtBy === undefined ? [] : expect.arrayContaining([expect.stringContaining(caughtBy)]),
    );
  });
}

it.each(['limiter.mutants.ts', 'provider.mutants.ts'])(
  '%s: a failure says why the implementation refused',
  (file) => {
    const results = report.testResults.find(({ name }) => name.endsWith(`/${file}`));
    const failures = (results?.assertionResults ?? [])
      .filter(({ ancestorTitles: [name] }) => name === 'refuses everything')
      .flatMap(({ failureMessages: [message] }) => message ?? []);

    expect(failures.length).toBeGreaterThan(5);
    const reason = 'refused: upstream_unavailable: not implemented yet\n    at ';
    expect(failures.filter((message) => !message.includes(reason))).toEqual([]);
  },
);
