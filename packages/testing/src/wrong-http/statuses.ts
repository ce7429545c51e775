/** Every status that is no plain success. */
import { named, response, type WrongHttpAnswers } from './answer.ts';

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_none, index) => from + index);

const statuses = [
  ...range(201, 208),
  ...[226, 299, ...range(400, 418), ...range(421, 429), 431, 440, 444, 451, 460, 472, 473, 499],
  ...[...range(500, 511), 520, 522, 530, 598, 599, 600, 999],
];
const redirects = [...range(300, 308), 399];
const waits = {
  none: [],
  zero: ['0'],
  negative: ['-5'],
  fraction: ['1.5'],
  huge: ['99999999999999999999'],
  'a word': ['soon'],
  empty: [''],
  infinite: ['Infinity'],
  two: ['1', '2'],
  'a past date': ['Wed, 21 Oct 2015 07:28:00 GMT'],
  'a far date': ['Fri, 31 Dec 9999 23:59:59 GMT'],
  'no such date': ['Wed, 99 Foo 2015 77:28:00 GMT'],
} as const;

/** @param good The body of a correct answer. */
export function statusAnswers(good: string): WrongHttpAnswers {
  const fields = ['Content-Type: application/json'];
  const withStatus = (status: number, more: readonly string[] = [], body = good) => ({
    onRequest: response(body, { status: `${status} X`, fields: [...fields, ...more] }),
  });
  const hasNoBody = (status: number) => status === 204 || status === 205;
  return {
    ...named(
      'status',
      Object.fromEntries(
        statuses.map((status) => [status, withStatus(status, [], hasNoBody(status) ? '' : good)]),
      ),
    ),
    ...named('redirect', {
      ...Object.fromEntries(
        redirects.map((status) => [`${status} to itself`, withStatus(status, ['Location: ?x'])]),
      ),
      '302 without an address': withStatus(302),
      '302 to a file': withStatus(302, ['Location: file:///etc/passwd']),
      '302 to metadata': withStatus(302, ['Location: http://169.254.169.254/']),
      '302 to no URL': withStatus(302, ['Location: http://[']),
      '307 to data': withStatus(307, ['Location: data:application/json,{}']),
    }),
    ...named(
      'Retry-After',
      Object.fromEntries(
        [429, 503].flatMap((status) =>
          Object.entries(waits).map(([name, values]) => [
            `${status}, ${name}`,
            withStatus(
              status,
              values.map((value) => `Retry-After: ${value}`),
            ),
          ]),
        ),
      ),
    ),
  };
}
