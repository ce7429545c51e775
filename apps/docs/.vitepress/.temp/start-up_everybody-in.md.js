import { ssrRenderAttrs } from "vue/server-renderer";
import { useSSRContext } from "vue";
import { _ as _export_sfc } from "./plugin-vue_export-helper.1tPrXgE0.js";
const __pageData = JSON.parse('{"title":"The type none lets everybody in","description":"","frontmatter":{},"headers":[],"relativePath":"start-up/everybody-in.md","filePath":"start-up/everybody-in.md"}');
const _sfc_main = { name: "start-up/everybody-in.md" };
function _sfc_ssrRender(_ctx, _push, _parent, _attrs, $props, $setup, $data, $options) {
  _push(`<div${ssrRenderAttrs(_attrs)}><h1 id="the-type-none-lets-everybody-in" tabindex="-1">The type none lets everybody in <a class="header-anchor" href="#the-type-none-lets-everybody-in" aria-label="Permalink to &quot;The type none lets everybody in&quot;">​</a></h1><blockquote><p><strong>Stops the start.</strong> <code>lets everybody in. If that is meant, at your own machine, set …=true as well</code></p></blockquote><h2 id="what-it-means" tabindex="-1">What it means <a class="header-anchor" href="#what-it-means" aria-label="Permalink to &quot;What it means&quot;">​</a></h2><p>With the type <code>none</code>, the server asks for no token. It wants a second setting, so that one slip cannot cause this.</p><h2 id="see-it" tabindex="-1">See it <a class="header-anchor" href="#see-it" aria-label="Permalink to &quot;See it&quot;">​</a></h2><p>Save these variables as <code>wrong.env</code>:</p><div class="language-env vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">env</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">ENVIRONMENT</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=development</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_TYPE</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=none</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_RESOURCE_URL</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=https://notes.acme-corp.dev/mcp</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_JWT_ISSUER</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=https://id.acme-corp.dev</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_JWT_JWKS_URI</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=https://id.acme-corp.dev/jwks</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_JWT_AUDIENCE</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=https://notes.acme-corp.dev/mcp</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_JWT_REQUIRED_SCOPES</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=read:data</span></span></code></pre></div><div class="language-sh vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">sh</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span style="--shiki-light:#6F42C1;--shiki-dark:#B392F0;">npx</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> sallyport</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> check</span><span style="--shiki-light:#005CC5;--shiki-dark:#79B8FF;"> --env-file</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> wrong.env</span></span></code></pre></div><div class="language-text vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">text</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span>✗ 1 problem in wrong.env</span></span>
<span class="line"><span></span></span>
<span class="line"><span>FASTMCP_SERVER_AUTH_TYPE</span></span>
<span class="line"><span>  lets everybody in. If that is meant, at your own machine, set DANGEROUSLY_OMIT_AUTH=true as well (it holds &quot;none&quot;)</span></span></code></pre></div><h2 id="cure-it" tabindex="-1">Cure it <a class="header-anchor" href="#cure-it" aria-label="Permalink to &quot;Cure it&quot;">​</a></h2><p>Set the type to <code>jwt</code> or <code>introspection</code>. At your own machine, set <code>DANGEROUSLY_OMIT_AUTH=true</code> as well.</p><p>Then look at the settings again, without a start:</p><div class="language-sh vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">sh</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span style="--shiki-light:#6F42C1;--shiki-dark:#B392F0;">npx</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> sallyport</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> check</span></span></code></pre></div></div>`);
}
const _sfc_setup = _sfc_main.setup;
_sfc_main.setup = (props, ctx) => {
  const ssrContext = useSSRContext();
  (ssrContext.modules || (ssrContext.modules = /* @__PURE__ */ new Set())).add("start-up/everybody-in.md");
  return _sfc_setup ? _sfc_setup(props, ctx) : void 0;
};
const everybodyIn = /* @__PURE__ */ _export_sfc(_sfc_main, [["ssrRender", _sfc_ssrRender]]);
export {
  __pageData,
  everybodyIn as default
};
