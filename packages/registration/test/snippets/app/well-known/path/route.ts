import { gated } from '../../gate.ts';

export { gated as GET, gated as OPTIONS };
