/** What is needed of a client of Redis or Valkey. Those of ioredis and iovalkey have it, their clusters too. */
export interface RedisKeyClient {
  hmget(key: string, ...fields: string[]): Promise<unknown>;
  hget(key: string, field: string): Promise<unknown>;
  hset(key: string, field: string, value: string): Promise<unknown>;
  hdel(key: string, field: string): Promise<unknown>;
  hscan(key: string, cursor: string, count: 'COUNT', size: number): Promise<unknown>;
  eval(script: string, numberOfKeys: number, ...rest: string[]): Promise<unknown>;
  /**
   * Closes the connection, so that the next command gets a new one. Called after an invalid answer and after a
   * timeout. `connectRedis` of `@sallyport/rate-limit-redis` provides it.
   */
  dropConnection?(): void;
}
