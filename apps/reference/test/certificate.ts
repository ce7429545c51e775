export { trusted as certificate } from '@sallyport/test-parts/certificates';
