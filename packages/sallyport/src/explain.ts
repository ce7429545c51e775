export type {
  ExplainTokenOptions,
  Explanation,
  ExplanationSummary,
} from './explain/explain-token.ts';
export { explainToken, summarize } from './explain/explain-token.ts';
