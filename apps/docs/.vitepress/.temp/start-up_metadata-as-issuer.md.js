import { ssrRenderAttrs } from "vue/server-renderer";
import { useSSRContext } from "vue";
import { _ as _export_sfc } from "./plugin-vue_export-helper.1tPrXgE0.js";
const __pageData = JSON.parse('{"title":"The issuer is the address of metadata","description":"","frontmatter":{},"headers":[],"relativePath":"start-up/metadata-as-issuer.md","filePath":"start-up/metadata-as-issuer.md"}');
const _sfc_main = { name: "start-up/metadata-as-issuer.md" };
function _sfc_ssrRender(_ctx, _push, _parent, _attrs, $props, $setup, $data, $options) {
  _push(`<div${ssrRenderAttrs(_attrs)}><h1 id="the-issuer-is-the-address-of-metadata" tabindex="-1">The issuer is the address of metadata <a class="header-anchor" href="#the-issuer-is-the-address-of-metadata" aria-label="Permalink to &quot;The issuer is the address of metadata&quot;">​</a></h1><blockquote><p><strong>Stops the start.</strong> <code>is the address of metadata. Set it to the value of &quot;issuer&quot; in that document</code></p></blockquote><h2 id="what-it-means" tabindex="-1">What it means <a class="header-anchor" href="#what-it-means" aria-label="Permalink to &quot;What it means&quot;">​</a></h2><p>Tokens have the issuer, and not the address of a document about it.</p><h2 id="see-it" tabindex="-1">See it <a class="header-anchor" href="#see-it" aria-label="Permalink to &quot;See it&quot;">​</a></h2><p>Save these variables as <code>wrong.env</code>:</p><div class="language-env vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">env</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">ENVIRONMENT</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=production</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_TYPE</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=jwt</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_RESOURCE_URL</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=https://notes.acme-corp.dev/mcp</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_JWT_ISSUER</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=https://id.acme-corp.dev/.well-known/openid-configuration</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_JWT_JWKS_URI</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=https://id.acme-corp.dev/jwks</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_JWT_AUDIENCE</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=https://notes.acme-corp.dev/mcp</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_JWT_REQUIRED_SCOPES</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=read:data</span></span></code></pre></div><div class="language-sh vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">sh</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span style="--shiki-light:#6F42C1;--shiki-dark:#B392F0;">npx</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> sallyport</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> check</span><span style="--shiki-light:#005CC5;--shiki-dark:#79B8FF;"> --env-file</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> wrong.env</span></span></code></pre></div><div class="language-text vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">text</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span>✗ 1 problem in wrong.env</span></span>
<span class="line"><span></span></span>
<span class="line"><span>FASTMCP_SERVER_AUTH_JWT_ISSUER</span></span>
<span class="line"><span>  is the address of metadata. Set it to the value of &quot;issuer&quot; in that document (it holds &quot;https://id.acme-corp.dev/.well-known/openid-configuration&quot;)</span></span></code></pre></div><h2 id="cure-it" tabindex="-1">Cure it <a class="header-anchor" href="#cure-it" aria-label="Permalink to &quot;Cure it&quot;">​</a></h2><p>Open the document, and copy <code>issuer</code>.</p><p>Then look at the settings again, without a start:</p><div class="language-sh vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">sh</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span style="--shiki-light:#6F42C1;--shiki-dark:#B392F0;">npx</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> sallyport</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> check</span></span></code></pre></div></div>`);
}
const _sfc_setup = _sfc_main.setup;
_sfc_main.setup = (props, ctx) => {
  const ssrContext = useSSRContext();
  (ssrContext.modules || (ssrContext.modules = /* @__PURE__ */ new Set())).add("start-up/metadata-as-issuer.md");
  return _sfc_setup ? _sfc_setup(props, ctx) : void 0;
};
const metadataAsIssuer = /* @__PURE__ */ _export_sfc(_sfc_main, [["ssrRender", _sfc_ssrRender]]);
export {
  __pageData,
  metadataAsIssuer as default
};
