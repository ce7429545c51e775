import { resolveComponent, useSSRContext } from "vue";
import { ssrRenderAttrs, ssrRenderComponent } from "vue/server-renderer";
import { _ as _export_sfc } from "./plugin-vue_export-helper.1tPrXgE0.js";
const __pageData = JSON.parse('{"title":"Sallyport","description":"","frontmatter":{"layout":"home","pageClass":"home"},"headers":[],"relativePath":"index.md","filePath":"index.md"}');
const _sfc_main = { name: "index.md" };
function _sfc_ssrRender(_ctx, _push, _parent, _attrs, $props, $setup, $data, $options) {
  const _component_HomeHero = resolveComponent("HomeHero");
  const _component_HomeEvidence = resolveComponent("HomeEvidence");
  _push(`<div${ssrRenderAttrs(_attrs)}><h1 class="visually-hidden" id="sallyport" tabindex="-1">Sallyport <a class="header-anchor" href="#sallyport" aria-label="Permalink to &quot;Sallyport {.visually-hidden}&quot;">​</a></h1>`);
  _push(ssrRenderComponent(_component_HomeHero, null, null, _parent));
  _push(`<h2 id="five-lines" tabindex="-1">Five lines in TypeScript <a class="header-anchor" href="#five-lines" aria-label="Permalink to &quot;Five lines in TypeScript {#five-lines}&quot;">​</a></h2><p>The MCP SDKs leave token validation to you. <code>protect</code> does it, on every host from <code>node:http</code> to Cloudflare Workers, with both lines of the SDK.</p><div class="language-js vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">js</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">app.</span><span style="--shiki-light:#6F42C1;--shiki-dark:#B392F0;">use</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">(</span><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">await</span><span style="--shiki-light:#6F42C1;--shiki-dark:#B392F0;"> protect</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">({</span></span>
<span class="line"><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">  resource: </span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;">&#39;https://mcp.example.com/mcp&#39;</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">,</span></span>
<span class="line"><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">  issuer: </span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;">&#39;https://auth.example.com&#39;</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">,</span></span>
<span class="line"><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">  tools: { read_note: [</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;">&#39;notes:read&#39;</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">], write_note: [</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;">&#39;notes:write&#39;</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">] },</span></span>
<span class="line"><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">}));</span></span></code></pre></div><p>A client without a token learns where to sign in. A token passes only if this issuer issued it for this server. Each tool runs only with its own scopes. <a href="/guide/quick-start">Quick start</a></p><h2 id="one-command" tabindex="-1">One command for every other server <a class="header-anchor" href="#one-command" aria-label="Permalink to &quot;One command for every other server {#one-command}&quot;">​</a></h2><p>A server in Python, Go or Java needs no line of code. The command puts the same gate in front of it.</p><div class="language-sh vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">sh</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span style="--shiki-light:#6F42C1;--shiki-dark:#B392F0;">npx</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> sallyport</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> dev</span><span style="--shiki-light:#005CC5;--shiki-dark:#79B8FF;"> --</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> python3</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> server.py</span></span></code></pre></div><p><a href="/guide/python-server">Protect a Python server</a></p><h2 id="why" tabindex="-1">When it refuses, it says why <a class="header-anchor" href="#why" aria-label="Permalink to &quot;When it refuses, it says why {#why}&quot;">​</a></h2><p>The client sees a fixed text. The log has the reason, and this site has one page for each reason. <code>explain</code> names the first check that fails, whose fault it is, and the cure:</p><div class="language-text vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">text</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span>  ✗ audience    aud: differs by a trailing slash from https://notes.acme.dev/mcp</span></span>
<span class="line"><span>                expected  https://notes.acme.dev/mcp</span></span>
<span class="line"><span>                found     https://notes.acme.dev/mcp/</span></span>
<span class="line"><span></span></span>
<span class="line"><span>  First broken  audience</span></span>
<span class="line"><span>  Whose it is   this server</span></span>
<span class="line"><span>  Cure          Make the two equal, character by character.</span></span></code></pre></div>`);
  _push(ssrRenderComponent(_component_HomeEvidence, null, null, _parent));
  _push(`</div>`);
}
const _sfc_setup = _sfc_main.setup;
_sfc_main.setup = (props, ctx) => {
  const ssrContext = useSSRContext();
  (ssrContext.modules || (ssrContext.modules = /* @__PURE__ */ new Set())).add("index.md");
  return _sfc_setup ? _sfc_setup(props, ctx) : void 0;
};
const index = /* @__PURE__ */ _export_sfc(_sfc_main, [["ssrRender", _sfc_ssrRender]]);
export {
  __pageData,
  index as default
};
