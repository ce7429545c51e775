// The example of the README registers its suite here.
import './readme.ts';
