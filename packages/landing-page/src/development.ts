export type {
  LiveView,
  LiveViewOptions,
  TokenCheck,
  TokenExplanation,
} from './live/create-live-view.ts';
export { createLiveView } from './live/create-live-view.ts';
