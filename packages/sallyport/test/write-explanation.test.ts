/** What `explain` says to a person. */
import { expect, it } from 'vitest';
import { failed, passed } from '../src/diagnosis/step.ts';
import { writeExplanation } from '../src/explain/write-explanation.ts';

type Given = Parameters<typeof writeExplanation>;

function write(
  explanation: object,
  options: Given[2] = { tool: undefined, url: undefined } as never,
) {
  let said = '';
  const output = { write: (text: string) => (said += text) };
  const refused = { verdict: { code: 'token_expired', status: 401 }, steps: [], parts: undefined };
  writeExplanation(
    { ...refused, provider: undefined, ...explanation } as never,
    { output, variables: {} },
    options,
  );
  return said.replace(/\s+/g, ' ');
}

const broken = (name: string) => [
  failed(name, { summary: 'no', owner: 'the client', cure: 'Repair it.' }),
];

it('says for which tool the token is refused, and of whom it is', () => {
  const said = write({ provider: 'Auth0', parts: { claims: { azp: 'notes\u001b' } } }, {
    tool: 'write_note',
    url: undefined,
  } as never);

  expect(said).toContain('✗ The gate refuses this token for write_note: 401 token_expired');
  expect(said).toMatch(/Provider Auth0 Client notes\\u001b/);
});

it.each([
  [{ client_id: 'a', azp: 'b', cid: 'c' }, 'Client a'],
  [{ azp: 'b', cid: 'c' }, 'Client b'],
  [{ cid: 'c' }, 'Client c'],
])('names the client of %j', (claims, text) => {
  expect(write({ parts: { claims } })).toContain(text);
});

it.each([
  [[passed('form', 'a JWT')], 'it sends another token'],
  [broken('key'), 'run "sallyport doctor"'],
  [broken('question'), 'run "sallyport doctor"'],
  [broken('times'), 'run "sallyport doctor"'],
  [broken('audience'), 'repair this, get a new token'],
])('says what is next after %j', (steps, text) => {
  expect(write({ steps })).toContain(text);
});

it('says what the metadata of a server leaves open', () => {
  const url = 'http://localhost:8000/mcp';

  expect(write({}, { tool: undefined, url } as never)).toContain('are not in it.');
  expect(write({})).not.toContain('are not in it.');
});
