/** A good value in another form: it means the same, or one sentence names the variable and the cause. */
import { describe, expect, it } from 'vitest';
import { type Config, loadConfig } from '../src/index.ts';
import { goodConfigurations } from './good-configurations.ts';

type Variables = Readonly<Record<string, string>>;

const forms: Readonly<Record<string, (text: string) => string>> = {
  'in quotation marks': (text) => `"${text}"`,
  'in apostrophes': (text) => `'${text}'`,
  'in backquotes': (text) => `\`${text}\``,
  'in typographic quotation marks': (text) => `\u201c${text}\u201d`,
  'quoted at its beginning': (text) => `"${text}`,
  'as a JSON array': (text) => JSON.stringify([text]),
  'as a JSON array with spaces': (text) => `[ ${JSON.stringify(text)} ]`,
  'as a JSON array of two': (text) => JSON.stringify([text, 'other']),
  'as a JSON array in an array': (text) => JSON.stringify([[text]]),
  'as a list of Python': (text) => `['${text}']`,
  'with a comma behind it': (text) => `${text},`,
  'with a semicolon behind it': (text) => `${text};`,
  'with another one, by a comma': (text) => `${text},other`,
  'with another one, by a space': (text) => `${text} other`,
  'with another one, by a line break': (text) => `${text}\nother`,
  'behind a blank': (text) => ` ${text}`,
  'before a blank': (text) => `${text} `,
  'behind a tab': (text) => `\t${text}`,
  'before a newline': (text) => `${text}\n`,
  'before CR LF': (text) => `${text}\r\n`,
  'before CR': (text) => `${text}\r`,
  'behind a byte order mark': (text) => `\ufeff${text}`,
  'behind a no-break space': (text) => `\u00a0${text}`,
  'before a no-break space': (text) => `${text}\u00a0`,
  'behind a zero-width space': (text) => `\u200b${text}`,
  'before a zero-width space': (text) => `${text}\u200b`,
  'with a zero-width joiner in it': (text) => `${text.slice(0, 3)}\u200d${text.slice(3)}`,
  'with a right-to-left mark in it': (text) => `${text.slice(0, 3)}\u200f${text.slice(3)}`,
  'with a soft hyphen in it': (text) => `${text.slice(0, 3)}\u00ad${text.slice(3)}`,
  'with a control character in it': (text) => `${text.slice(0, 3)}\u0007${text.slice(3)}`,
  'with its name before it': (text) => `VALUE=${text}`,
  'with a comment behind it': (text) => `${text} # ours`,
};
// A list may have several members, and then the second is meant.
const lists = /(AUDIENCE|SCOPES|CLIENT_IDS|AUTHORIZATION_SERVERS)$/;
const severals = /^as a JSON array of two|^with another one/;

/** All that decides about requests, secrets included. */
function meaningOf(config: Config): string {
  const { secrets: _secrets, settings: _settings, warnings: _warnings, ...rest } = config;
  return JSON.stringify(rest, (_name, value) =>
    typeof value?.reveal === 'function' ? value.reveal() : value,
  );
}

async function start(
  variables: Variables,
): Promise<{ readonly config?: Config; readonly text: string }> {
  try {
    const config = await loadConfig(variables, { nodeArguments: [] });
    return { config, text: config.warnings.join('\n') };
  } catch (error) {
    return { text: String(error) };
  }
}

const configurations = Object.entries(goodConfigurations).map(
  ([name, good], number) => [name, good, number] as const,
);

describe.each(configurations)('%s', (_name, configuration, number) => {
  // Its text is a secret that is nearly the example in the error about it.
  const { FASTMCP_SERVER_AUTH_STATIC_TOKENS: _tokens, ...good } = configuration;

  it('CASE-31, CASE-54, CASE-70: means the same in another form, or is refused or warned of by its name', {
    timeout: 60_000,
  }, async () => {
    const { config } = await start(good);
    if (config === undefined) return expect.fail('it does not start');
    const meaning = meaningOf(config);
    const silent: string[] = [];
    for (const [variable, text] of Object.entries(good)) {
      for (const [at, [form, write]] of Object.entries(forms).entries()) {
        // Most variables are in several configurations, of which each tries every other form.
        if ((at + number) % 2 === 0) continue;
        const changed = await start({ ...good, [variable]: write(text) });
        const isSame = changed.config !== undefined && meaningOf(changed.config) === meaning;
        const isMeant = lists.test(variable) && severals.test(form);
        if (isSame || (isMeant && changed.config !== undefined)) continue;
        // Of several issuers, the place is named too.
        if (!new RegExp(`${variable}(\\[\\d\\][.a-z]*)?:`).test(changed.text))
          silent.push(`${variable} ${form}: ${changed.text}`);
      }
    }

    expect(silent).toEqual([]);
  });
});
