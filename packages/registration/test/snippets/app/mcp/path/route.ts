import { gated } from '../../gate.ts';

export { gated as DELETE, gated as GET, gated as OPTIONS, gated as POST };
