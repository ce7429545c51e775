import { runCommandLine } from 'sallyport';

const said: string[] = [];
export const code = await runCommandLine({
  words: ['check', '--json'],
  variables: { ENVIRONMENT: 'development', FASTMCP_SERVER_AUTH_TYPE: 'static' },
  input: (async function* () {})(),
  output: { write: (text) => said.push(text) },
  errors: { write: (text) => said.push(text) },
  folder: '.',
  home: '.',
  now: Date.now,
  monotonicNow: () => performance.now(),
  signal: new AbortController().signal,
});
export const answer = JSON.parse(said.join(''));
