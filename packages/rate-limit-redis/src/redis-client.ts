/**
 * What is needed of a client. Those of ioredis and iovalkey have it, their clusters too.
 */
export interface RedisClient {
  eval(script: string, numberOfKeys: number, ...rest: string[]): Promise<unknown>;
  evalsha(sha1: string, numberOfKeys: number, ...rest: string[]): Promise<unknown>;
}
