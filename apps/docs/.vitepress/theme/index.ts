import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme';
import HomeEvidence from './HomeEvidence.vue';
import HomeHero from './HomeHero.vue';
import './theme.css';

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('HomeHero', HomeHero);
    app.component('HomeEvidence', HomeEvidence);
  },
} satisfies Theme;
