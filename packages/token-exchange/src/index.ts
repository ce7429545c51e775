export type { EntraOnBehalfOfOptions } from './entra-on-behalf-of.ts';
export { createEntraOnBehalfOf } from './entra-on-behalf-of.ts';
export type { ExchangeEvent } from './exchange-event.ts';
export type { TokenExchangeOptions } from './token-exchange.ts';
export { createTokenExchange } from './token-exchange.ts';
export type { TokenExchangeErrorCode } from './token-exchange-error.ts';
export { TokenExchangeError } from './token-exchange-error.ts';
