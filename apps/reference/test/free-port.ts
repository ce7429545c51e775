export { findFreePort } from '@sallyport/test-parts/free-port';
