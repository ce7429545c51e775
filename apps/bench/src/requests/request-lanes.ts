import { bareV1, gatedV1 } from '../servers/gated-v1.ts';
import { bareReference, reference } from '../servers/reference.ts';
import { mcpAuth, sdkExample, sdkV1WithJose } from '../servers/sdk-v1.ts';
import { sdkV2Example, sdkV2WithJose } from '../servers/sdk-v2.ts';
import type { ServerContestant } from '../servers/server-contestant.ts';

/** A server with one kind of tokens: a separate process, and a row of the table. */
export interface RequestLane {
  readonly name: string;
  readonly contestant: ServerContestant;
  /** Whether each token comes once, or a hundred of them take turns. */
  readonly tokens: 'seen before' | 'never seen';
  /** The lane of the same application without a check. The difference is the cost of the check. */
  readonly without?: string;
}

const once = (contestant: ServerContestant, without?: ServerContestant): RequestLane => ({
  name: contestant.name,
  contestant,
  tokens: 'seen before',
  ...(without && { without: without.name }),
});

const twice = (contestant: ServerContestant, without: ServerContestant): readonly RequestLane[] =>
  (['seen before', 'never seen'] as const).map((tokens) => ({
    ...once(contestant, without),
    name: `${contestant.name}, tokens ${tokens}`,
    tokens,
  }));

/** Without a check. All others are compared with it. */
export const yardstick: RequestLane = once(sdkExample);

/** Ours, by their lines. */
export const gatedLanes: readonly RequestLane[] = [
  ...twice(gatedV1, bareV1),
  ...twice(reference, bareReference),
];

/** Everybody who takes part, in the order of the table. */
export const requestLanes: readonly RequestLane[] = [
  yardstick,
  once(sdkV1WithJose, sdkExample),
  once(mcpAuth, sdkExample),
  once(sdkV2Example),
  once(sdkV2WithJose, sdkV2Example),
  once(bareV1),
  ...gatedLanes.filter(({ contestant }) => contestant === gatedV1),
  once(bareReference),
  ...gatedLanes.filter(({ contestant }) => contestant === reference),
];
