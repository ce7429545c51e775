import { ssrRenderAttrs } from "vue/server-renderer";
import { useSSRContext } from "vue";
import { _ as _export_sfc } from "./plugin-vue_export-helper.1tPrXgE0.js";
const __pageData = JSON.parse('{"title":"Two names of one variable differ","description":"","frontmatter":{},"headers":[],"relativePath":"start-up/two-names-for-one.md","filePath":"start-up/two-names-for-one.md"}');
const _sfc_main = { name: "start-up/two-names-for-one.md" };
function _sfc_ssrRender(_ctx, _push, _parent, _attrs, $props, $setup, $data, $options) {
  _push(`<div${ssrRenderAttrs(_attrs)}><h1 id="two-names-of-one-variable-differ" tabindex="-1">Two names of one variable differ <a class="header-anchor" href="#two-names-of-one-variable-differ" aria-label="Permalink to &quot;Two names of one variable differ&quot;">​</a></h1><blockquote><p><strong>Stops the start.</strong> <code>is FastMCP&#39;s name for …, and differs from it. Remove it</code></p></blockquote><h2 id="what-it-means" tabindex="-1">What it means <a class="header-anchor" href="#what-it-means" aria-label="Permalink to &quot;What it means&quot;">​</a></h2><p>Both FastMCP&#39;s name and Sallyport&#39;s name are set, to different values.</p><h2 id="see-it" tabindex="-1">See it <a class="header-anchor" href="#see-it" aria-label="Permalink to &quot;See it&quot;">​</a></h2><p>Save these variables as <code>wrong.env</code>:</p><div class="language-env vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">env</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">ENVIRONMENT</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=production</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_TYPE</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=introspection</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_RESOURCE_URL</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=https://notes.acme-corp.dev/mcp</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_AUTHORIZATION_SERVERS</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=https://id.acme-corp.dev</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_INTROSPECTION_URL</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=https://id.acme-corp.dev/introspect</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_INTROSPECTION_CLIENT_ID</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=notes-server</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_INTROSPECTION_CLIENT_SECRET</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=tV5nC8wL2yG6</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_INTROSPECTION_AUDIENCE</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=https://notes.acme-corp.dev/mcp</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_INTROSPECTION_REQUIRED_SCOPES</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=read:data</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_INTROSPECTION_TIMEOUT_SECONDS</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=20</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_INTROSPECTION_TIMEOUT</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=10</span></span></code></pre></div><div class="language-sh vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">sh</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span style="--shiki-light:#6F42C1;--shiki-dark:#B392F0;">npx</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> sallyport</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> check</span><span style="--shiki-light:#005CC5;--shiki-dark:#79B8FF;"> --env-file</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> wrong.env</span></span></code></pre></div><div class="language-text vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">text</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span>✗ 1 problem in wrong.env</span></span>
<span class="line"><span></span></span>
<span class="line"><span>FASTMCP_SERVER_AUTH_INTROSPECTION_TIMEOUT_SECONDS</span></span>
<span class="line"><span>  is FastMCP&#39;s name for FASTMCP_SERVER_AUTH_INTROSPECTION_TIMEOUT, and differs from it. Remove it</span></span></code></pre></div><h2 id="cure-it" tabindex="-1">Cure it <a class="header-anchor" href="#cure-it" aria-label="Permalink to &quot;Cure it&quot;">​</a></h2><p>Remove FastMCP&#39;s name.</p><p>Then look at the settings again, without a start:</p><div class="language-sh vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">sh</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span style="--shiki-light:#6F42C1;--shiki-dark:#B392F0;">npx</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> sallyport</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> check</span></span></code></pre></div></div>`);
}
const _sfc_setup = _sfc_main.setup;
_sfc_main.setup = (props, ctx) => {
  const ssrContext = useSSRContext();
  (ssrContext.modules || (ssrContext.modules = /* @__PURE__ */ new Set())).add("start-up/two-names-for-one.md");
  return _sfc_setup ? _sfc_setup(props, ctx) : void 0;
};
const twoNamesForOne = /* @__PURE__ */ _export_sfc(_sfc_main, [["ssrRender", _sfc_ssrRender]]);
export {
  __pageData,
  twoNamesForOne as default
};
