import { ssrRenderAttrs } from "vue/server-renderer";
import { useSSRContext } from "vue";
import { _ as _export_sfc } from "./plugin-vue_export-helper.1tPrXgE0.js";
const __pageData = JSON.parse('{"title":"Static tokens on your machine","description":"","frontmatter":{},"headers":[],"relativePath":"scenarios/local.md","filePath":"scenarios/local.md"}');
const _sfc_main = { name: "scenarios/local.md" };
function _sfc_ssrRender(_ctx, _push, _parent, _attrs, $props, $setup, $data, $options) {
  _push(`<div${ssrRenderAttrs(_attrs)}><h1 id="static-tokens-on-your-machine" tabindex="-1">Static tokens on your machine <a class="header-anchor" href="#static-tokens-on-your-machine" aria-label="Permalink to &quot;Static tokens on your machine&quot;">​</a></h1><p>For a first try without an identity provider. Static tokens do not start in production.</p><h2 id="what-is-different-from-the-guide" tabindex="-1">What is different from the guide <a class="header-anchor" href="#what-is-different-from-the-guide" aria-label="Permalink to &quot;What is different from the guide&quot;">​</a></h2><ul><li>The guide calls <code>http://localhost:6274/tools/call</code>. That is the port of the MCP Inspector, so the request never reaches the server. The server listens on port 8000.</li><li>MCP has no <code>POST /tools/call</code>. The reference server answers it for curl, behind the same gate. Every MCP client uses <code>/mcp</code>.</li></ul><h2 id="run-it" tabindex="-1">Run it <a class="header-anchor" href="#run-it" aria-label="Permalink to &quot;Run it&quot;">​</a></h2><p>Save this as <code>.env</code> in a clone of the repository:</p><div class="language-env vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">env</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">ENVIRONMENT</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=development</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">FASTMCP_SERVER_AUTH_TYPE</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=static</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">DANGEROUSLY_OMIT_AUTH</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">=false</span></span></code></pre></div><div class="language-sh vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">sh</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span style="--shiki-light:#6F42C1;--shiki-dark:#B392F0;">npx</span><span style="--shiki-light:#005CC5;--shiki-dark:#79B8FF;"> --yes</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> pnpm@12</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> start</span></span></code></pre></div><div class="language-sh vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">sh</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span style="--shiki-light:#6F42C1;--shiki-dark:#B392F0;">curl</span><span style="--shiki-light:#005CC5;--shiki-dark:#79B8FF;"> -H</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> &quot;Authorization: Bearer dev-token-12345&quot;</span><span style="--shiki-light:#005CC5;--shiki-dark:#79B8FF;"> \\</span></span>
<span class="line"><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;">     http://localhost:8000/tools/call</span><span style="--shiki-light:#005CC5;--shiki-dark:#79B8FF;"> \\</span></span>
<span class="line"><span style="--shiki-light:#005CC5;--shiki-dark:#79B8FF;">     -d</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> &#39;{&quot;name&quot;: &quot;hello&quot;, &quot;arguments&quot;: {&quot;name&quot;: &quot;World&quot;}}&#39;</span></span></code></pre></div><p><code>FASTMCP_SERVER_AUTH_STATIC_TOKENS</code> replaces the built-in token. The server then listens on 127.0.0.1 only.</p></div>`);
}
const _sfc_setup = _sfc_main.setup;
_sfc_main.setup = (props, ctx) => {
  const ssrContext = useSSRContext();
  (ssrContext.modules || (ssrContext.modules = /* @__PURE__ */ new Set())).add("scenarios/local.md");
  return _sfc_setup ? _sfc_setup(props, ctx) : void 0;
};
const local = /* @__PURE__ */ _export_sfc(_sfc_main, [["ssrRender", _sfc_ssrRender]]);
export {
  __pageData,
  local as default
};
