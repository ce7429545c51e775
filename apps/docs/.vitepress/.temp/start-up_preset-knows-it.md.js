import { ssrRenderAttrs } from "vue/server-renderer";
import { useSSRContext } from "vue";
import { _ as _export_sfc } from "./plugin-vue_export-helper.1tPrXgE0.js";
const __pageData = JSON.parse('{"title":"The preset knows this value","description":"","frontmatter":{},"headers":[],"relativePath":"start-up/preset-knows-it.md","filePath":"start-up/preset-knows-it.md"}');
const _sfc_main = { name: "start-up/preset-knows-it.md" };
function _sfc_ssrRender(_ctx, _push, _parent, _attrs, $props, $setup, $data, $options) {
  _push(`<div${ssrRenderAttrs(_attrs)}><h1 id="the-preset-knows-this-value" tabindex="-1">The preset knows this value <a class="header-anchor" href="#the-preset-knows-this-value" aria-label="Permalink to &quot;The preset knows this value&quot;">​</a></h1><blockquote><p><strong>Stops the start.</strong> <code>must not be set beside …, which knows it</code></p></blockquote><h2 id="what-it-means" tabindex="-1">What it means <a class="header-anchor" href="#what-it-means" aria-label="Permalink to &quot;What it means&quot;">​</a></h2><p>Two sources for one value could differ.</p><h2 id="see-it" tabindex="-1">See it <a class="header-anchor" href="#see-it" aria-label="Permalink to &quot;See it&quot;">​</a></h2><p>Save these variables as <code>wrong.env</code>:</p><div class="language-env vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">env</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">ENVIRONMENT</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=production</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_TYPE</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=jwt</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_RESOURCE_URL</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=https://notes.acme-corp.dev/mcp</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_JWT_PROVIDER</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=auth0</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_JWT_TENANT</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=acme.eu.auth0.com</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_JWT_AUDIENCE</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=https://notes.acme-corp.dev/mcp</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_JWT_REQUIRED_SCOPES</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=read:data</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_JWT_ISSUER</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=https://acme.eu.auth0.com/</span></span></code></pre></div><div class="language-sh vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">sh</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span style="--shiki-light:#6F42C1;--shiki-dark:#B392F0;">npx</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> sallyport</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> check</span><span style="--shiki-light:#005CC5;--shiki-dark:#79B8FF;"> --env-file</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> wrong.env</span></span></code></pre></div><div class="language-text vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">text</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span>✗ 1 problem in wrong.env</span></span>
<span class="line"><span></span></span>
<span class="line"><span>FASTMCP_SERVER_AUTH_JWT_ISSUER</span></span>
<span class="line"><span>  must not be set beside FASTMCP_SERVER_AUTH_JWT_PROVIDER, which knows it (it holds &quot;https://acme.eu.auth0.com/&quot;)</span></span></code></pre></div><h2 id="cure-it" tabindex="-1">Cure it <a class="header-anchor" href="#cure-it" aria-label="Permalink to &quot;Cure it&quot;">​</a></h2><p>Remove the variable, or remove the preset.</p><p>Then look at the settings again, without a start:</p><div class="language-sh vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">sh</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span style="--shiki-light:#6F42C1;--shiki-dark:#B392F0;">npx</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> sallyport</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> check</span></span></code></pre></div></div>`);
}
const _sfc_setup = _sfc_main.setup;
_sfc_main.setup = (props, ctx) => {
  const ssrContext = useSSRContext();
  (ssrContext.modules || (ssrContext.modules = /* @__PURE__ */ new Set())).add("start-up/preset-knows-it.md");
  return _sfc_setup ? _sfc_setup(props, ctx) : void 0;
};
const presetKnowsIt = /* @__PURE__ */ _export_sfc(_sfc_main, [["ssrRender", _sfc_ssrRender]]);
export {
  __pageData,
  presetKnowsIt as default
};
