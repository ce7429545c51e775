/** The entry point `@sallyport/testing/wrong-http`. */
import type { WrongHttpAnswers } from './wrong-http/answer.ts';
import { bodyAnswers } from './wrong-http/bodies.ts';
import { connectionAnswers } from './wrong-http/connections.ts';
import { framingAnswers } from './wrong-http/framing.ts';
import { statusAnswers } from './wrong-http/statuses.ts';

export type { WrongHttpAnswer, WrongHttpAnswers } from './wrong-http/answer.ts';
export { reportWrongHttpAnswers, type TriedClient } from './wrong-http/report-wrong-answers.ts';
export { ownAddress } from './wrong-http/start-wrong-http-server.ts';
export {
  tryWrongHttpAnswers,
  type WrongHttpResult,
  type WrongHttpTrial,
} from './wrong-http/try-wrong-answers.ts';

/**
 * More than 200 wrong answers of an HTTP server that serves JSON.
 *
 * @param good The body of a correct answer, which is a JSON object.
 */
export function wrongHttpAnswers(good: string): WrongHttpAnswers {
  return {
    ...connectionAnswers(good),
    ...framingAnswers(good),
    ...bodyAnswers(good),
    ...statusAnswers(good),
  };
}
