/**
 * What is needed of a client. Those of ioredis and iovalkey have it, their clusters too.
 */
export interface RedisClient {
  eval(script: string, numberOfKeys: number, ...rest: string[]): Promise<unknown>;
  /**
   * Drops the connection, so that the next command gets a new one. Called after an answer that makes no
   * sense, or that another server should give. `connectRedis` has it.
   */
  dropConnection?(): void;
  evalsha(sha1: string, numberOfKeys: number, ...rest: string[]): Promise<unknown>;
}
