/**
 * What is needed of a client. Those of ioredis and iovalkey have it, their clusters too.
 */
export interface RedisClient {
  eval(script: string, numberOfKeys: number, ...rest: string[]): Promise<unknown>;
  /**
   * Closes the connection, so that the next command gets a new one. Called after an invalid answer, or the
   * answer of a server with another role. `connectRedis` provides it.
   */
  dropConnection?(): void;
  evalsha(sha1: string, numberOfKeys: number, ...rest: string[]): Promise<unknown>;
}
