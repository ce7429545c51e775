import { describeWrongAnswers } from './wrong-answers.ts';

// The whole table runs every night, and through `reply-scanner.test.ts` here.
const tried = new Set([
  ...['a null that nobody asked for', 'a status that nobody asked for', 'two replies'],
  ...['a push of null (RESP3)', 'a status', 'half an array', 'a text of 10 GB'],
]);

describeWrongAnswers((name) => tried.has(name));
