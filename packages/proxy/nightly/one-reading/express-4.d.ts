// Express 4 has no types of its own. For what the tests use, those of Express 5 hold.
declare module 'express-4' {
  export { default } from 'express';
}
