/** An event for the operator. `type` is from a closed list, and no field has a secret. */
export interface ConfigEvent {
  readonly type: string;
  readonly [detail: string]: unknown;
}

/** Receives events. An error that it throws is ignored. */
export type ConfigListener = (event: ConfigEvent) => void;
