import type { Surroundings } from '../surroundings.ts';

const patienceMs = 1_000;

/**
 * Says on standard error what a command waits for, after one second. On a terminal the line disappears when the
 * work ends.
 *
 * @returns What the work returns.
 */
export async function withProgress<Value>(
  { errors }: Pick<Surroundings, 'errors'>,
  text: string,
  work: () => Promise<Value>,
): Promise<Value> {
  let isShown = false;
  const timer = setTimeout(() => {
    isShown = true;
    errors.write(errors.isTTY ? `  ${text} ...` : `${text} ...\n`);
  }, patienceMs);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    if (isShown && errors.isTTY) errors.write('\r\u001b[2K');
  }
}
