/** The live view. Only `start.ts` imports it, so the container has nothing of it. */
import type { Config } from '@sallyport/config';
import { createLiveView, type LiveView } from '@sallyport/landing-page/development';

/** Opens the live view of one gate. `onLink` receives the path and query that work once. */
export type OpenLiveView = (config: Config, onLink: (link: string) => void) => LiveView;

export const openLiveView: OpenLiveView = (config, onLink) =>
  createLiveView({
    environment: config.environment,
    onLink,
    async explain(token, signal) {
      // Loaded by the first token: the start does not wait for it.
      const { explainToken, summarize } = await import('sallyport/explain');
      return summarize(await explainToken(config, token, { signal, now: Date.now }));
    },
  });
