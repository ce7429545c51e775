/** The container's entry point: without ENVIRONMENT it is production. */
import { run } from './run.ts';

await run({ variables: process.env });
