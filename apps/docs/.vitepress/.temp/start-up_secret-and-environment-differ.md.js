import { ssrRenderAttrs } from "vue/server-renderer";
import { useSSRContext } from "vue";
import { _ as _export_sfc } from "./plugin-vue_export-helper.1tPrXgE0.js";
const __pageData = JSON.parse('{"title":"The secret and the environment differ","description":"","frontmatter":{},"headers":[],"relativePath":"start-up/secret-and-environment-differ.md","filePath":"start-up/secret-and-environment-differ.md"}');
const _sfc_main = { name: "start-up/secret-and-environment-differ.md" };
function _sfc_ssrRender(_ctx, _push, _parent, _attrs, $props, $setup, $data, $options) {
  _push(`<div${ssrRenderAttrs(_attrs)}><h1 id="the-secret-and-the-environment-differ" tabindex="-1">The secret and the environment differ <a class="header-anchor" href="#the-secret-and-the-environment-differ" aria-label="Permalink to &quot;The secret and the environment differ&quot;">​</a></h1><blockquote><p><strong>Warning.</strong> <code>the secret … is used, and not what the environment has</code></p></blockquote><h2 id="what-it-means" tabindex="-1">What it means <a class="header-anchor" href="#what-it-means" aria-label="Permalink to &quot;What it means&quot;">​</a></h2><p>The secret backend and the environment both have this value, and they differ. The backend wins.</p><h2 id="see-it" tabindex="-1">See it <a class="header-anchor" href="#see-it" aria-label="Permalink to &quot;See it&quot;">​</a></h2><p>The sentence depends on what a secret backend or the installation has, so variables alone do not show it. <code>sallyport check</code> shows it where it applies:</p><div class="language-sh vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">sh</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span style="--shiki-light:#6F42C1;--shiki-dark:#B392F0;">npx</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> sallyport</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> check</span></span></code></pre></div><h2 id="cure-it" tabindex="-1">Cure it <a class="header-anchor" href="#cure-it" aria-label="Permalink to &quot;Cure it&quot;">​</a></h2><p>Remove the variable from the environment, or correct the secret.</p><p>Then look at the settings again, without a start:</p><div class="language-sh vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">sh</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span style="--shiki-light:#6F42C1;--shiki-dark:#B392F0;">npx</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> sallyport</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> check</span></span></code></pre></div></div>`);
}
const _sfc_setup = _sfc_main.setup;
_sfc_main.setup = (props, ctx) => {
  const ssrContext = useSSRContext();
  (ssrContext.modules || (ssrContext.modules = /* @__PURE__ */ new Set())).add("start-up/secret-and-environment-differ.md");
  return _sfc_setup ? _sfc_setup(props, ctx) : void 0;
};
const secretAndEnvironmentDiffer = /* @__PURE__ */ _export_sfc(_sfc_main, [["ssrRender", _sfc_ssrRender]]);
export {
  __pageData,
  secretAndEnvironmentDiffer as default
};
