/** One token for each algorithm, with every one of its characters changed in many ways. */
import { it } from 'vitest';
import { refuseMutants } from '../test/fuzz/byte-mutants.ts';
import { createKeys } from '../test/fuzz/world.ts';

it.each(createKeys().map((key) => [key.algorithm, key] as const))(
  'refuses every mutant of a token of %s, and accepts the token (TOK-05, TOK-08, TOK-09)',
  (_algorithm, key) => refuseMutants(key, 1),
);
