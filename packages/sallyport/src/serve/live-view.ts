/** The live view of `dev`. Only that command loads it. */
import type { Config } from '@sallyport/config';
import { createLiveView, type LiveView } from '@sallyport/landing-page/development';

interface LiveViewContext {
  readonly config: Config;
  /** Whether a local authorization server stands in for missing settings. */
  readonly isLocalIssuer: boolean;
  /** Time of day, in milliseconds since the epoch. */
  readonly now: () => number;
  readonly onLink: (link: string) => void;
}

/** Opens the live view of one gate. */
export type OpenLiveView = (context: LiveViewContext) => LiveView;

export const openLiveView: OpenLiveView = ({ config, isLocalIssuer, now, onLink }) =>
  createLiveView({
    environment: config.environment,
    onLink,
    now,
    async explain(token, signal) {
      // Loaded by the first token: the start does not wait for it.
      const { explainToken, summarize } = await import('../explain/explain-token.ts');
      return summarize(await explainToken(config, token, { isLocalIssuer, signal, now }));
    },
  });
