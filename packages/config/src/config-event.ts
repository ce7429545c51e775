/** Something an operator should know of. `type` is one of a closed list; nothing in it is secret. */
export interface ConfigEvent {
  readonly type: string;
  readonly [detail: string]: unknown;
}

/** Is told what happens. What it throws is ignored. */
export type ConfigListener = (event: ConfigEvent) => void;
