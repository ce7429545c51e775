export type { HostOptions } from './client-address/client-address.ts';
export type { FastifyInstance, FastifyReply, FastifyRequest } from './hosts/fastify-gate.ts';
export { fastifyGate } from './hosts/fastify-gate.ts';
