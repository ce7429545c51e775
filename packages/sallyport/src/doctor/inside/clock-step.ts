import { failed, leftOut, passed, type Step, warning } from '../../diagnosis/step.ts';
import { describeSeconds } from '../../terminal/describe-time.ts';
import type { Look } from '../look-at.ts';

// `Date` has whole seconds, and an answer takes its time.
const noticeableSeconds = 5;

/**
 * Compares the clocks.
 *
 * @param toleranceSeconds Up to this difference tokens are accepted all the same.
 */
export function readClockStep(look: Look | undefined, toleranceSeconds: number): Step {
  if (look?.clockAheadMs === undefined) return leftOut('clock', 'no answer to compare it with');
  const seconds = look.clockAheadMs / 1_000;
  const off = Math.abs(seconds);
  if (off <= noticeableSeconds)
    return passed('clock', 'the same as the identity provider, to 5 seconds');
  const summary = `${describeSeconds(off)} ${seconds > 0 ? 'behind' : 'ahead of'} the identity provider`;
  const cure =
    'Turn NTP on for this machine (timedatectl set-ntp true). If its clock is right, that of the identity provider is wrong.';
  return off > toleranceSeconds
    ? failed('clock', {
        summary: `${summary}; tokens are accepted within ${toleranceSeconds} seconds`,
        owner: 'this server',
        cure,
      })
    : warning('clock', { summary, cure });
}
