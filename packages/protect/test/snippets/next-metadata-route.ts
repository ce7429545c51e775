import { gated } from './next-gate.ts';

export { gated as GET, gated as OPTIONS };
