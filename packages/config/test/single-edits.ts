/** Everything that one slip of the hand makes of a configuration. */

type Variables = Readonly<Record<string, string>>;

/** One edit. */
export interface Edit {
  readonly what: string;
  /** The variables that it touched. */
  readonly touched: readonly string[];
  readonly variables: Variables;
}

/** Where in a text a character is edited: from 0, the first one, to 1. The nightly tests try all. */
export const allPlaces: readonly number[] = [0, 0.2, 0.4, 0.6, 0.8, 0.99];
const fewPlaces = [0, 0.7];

export function singleEdits(good: Variables, places: readonly number[] = fewPlaces): Edit[] {
  return Object.keys(good).flatMap((name) => [
    ...leftOut(good, name),
    ...misspeltNames(good, name, places),
    ...misspeltValues(good, name, places),
    ...whiteSpace(good, name),
    ...swapped(good, name),
  ]);
}

function leftOut(good: Variables, name: string): Edit[] {
  const { [name]: _value, ...others } = good;
  return [
    { what: `${name} left out`, touched: [name], variables: others },
    { what: `${name} empty`, touched: [name], variables: { ...good, [name]: '' } },
    { what: `${name} blank`, touched: [name], variables: { ...good, [name]: ' \n' } },
  ];
}

function misspeltNames(good: Variables, name: string, places: readonly number[]): Edit[] {
  const { [name]: value = '', ...others } = good;
  return misspell(name, places)
    .filter((other) => !Object.hasOwn(good, other))
    .map((other) => ({
      what: `${name} written ${other}`,
      touched: [name, other],
      variables: { ...others, [other]: value },
    }));
}

function misspeltValues(good: Variables, name: string, places: readonly number[]): Edit[] {
  return misspell(good[name] ?? '', places).map((value) => ({
    what: `${name} set to ${value}`,
    touched: [name],
    variables: { ...good, [name]: value },
  }));
}

function whiteSpace(good: Variables, name: string): Edit[] {
  const value = good[name] ?? '';
  const forms = [
    `${value}\n`,
    `${value}\r\n`,
    `${value}\n\n`,
    `${value} `,
    ` ${value}`,
    `\t${value}`,
  ];
  return [...forms, `"${value}"`, `'${value}'`].map((form) => ({
    what: `${name} set to ${JSON.stringify(form)}`,
    touched: [name],
    variables: { ...good, [name]: form },
  }));
}

function swapped(good: Variables, name: string): Edit[] {
  return Object.keys(good)
    .filter((other) => other > name && good[other] !== good[name])
    .map((other) => ({
      what: `${name} and ${other} swapped`,
      touched: [name, other],
      variables: { ...good, [name]: good[other] ?? '', [other]: good[name] ?? '' },
    }));
}

/** A character left out, doubled, replaced, exchanged with its neighbour, or in the other case. */
function misspell(text: string, places: readonly number[]): string[] {
  const edits = places.flatMap((place) => {
    const at = Math.floor(place * text.length);
    const [before, character = '', after] = [text.slice(0, at), text[at], text.slice(at + 1)];
    const otherCase =
      character === character.toUpperCase() ? character.toLowerCase() : character.toUpperCase();
    return [
      before + after,
      before + character + character + after,
      `${before}q${after}`,
      before + after.slice(0, 1) + character + after.slice(1),
      before + otherCase + after,
    ];
  });
  return [...new Set([...edits, text.toUpperCase(), text.toLowerCase()])].filter(
    (edit) => edit !== text && edit.trim() !== '',
  );
}
