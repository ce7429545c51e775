import { ssrRenderAttrs } from "vue/server-renderer";
import { useSSRContext } from "vue";
import { _ as _export_sfc } from "./plugin-vue_export-helper.1tPrXgE0.js";
const __pageData = JSON.parse('{"title":"streams_exhausted","description":"","frontmatter":{},"headers":[],"relativePath":"errors/streams_exhausted.md","filePath":"errors/streams_exhausted.md"}');
const _sfc_main = { name: "errors/streams_exhausted.md" };
function _sfc_ssrRender(_ctx, _push, _parent, _attrs, $props, $setup, $data, $options) {
  _push(`<div${ssrRenderAttrs(_attrs)}><h1 id="streams_exhausted" tabindex="-1"><code>streams_exhausted</code> <a class="header-anchor" href="#streams_exhausted" aria-label="Permalink to &quot;\`streams_exhausted\`&quot;">​</a></h1><p><strong>Too many open streams.</strong> This caller has 64 open streams (<code>maximumStreamsPerCaller</code>).</p><h2 id="see-it" tabindex="-1">See it <a class="header-anchor" href="#see-it" aria-label="Permalink to &quot;See it&quot;">​</a></h2><p>One request alone does not get this answer.</p><div class="language-http vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">http</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">HTTP</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">/</span><span style="--shiki-light:#005CC5;--shiki-dark:#79B8FF;">1.1</span><span style="--shiki-light:#005CC5;--shiki-dark:#79B8FF;"> 429</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> Too Many Requests</span></span>
<span class="line"></span>
<span class="line"><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">{</span><span style="--shiki-light:#005CC5;--shiki-dark:#79B8FF;">&quot;code&quot;</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">:</span><span style="--shiki-light:#005CC5;--shiki-dark:#79B8FF;">-32000</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">,</span><span style="--shiki-light:#005CC5;--shiki-dark:#79B8FF;">&quot;message&quot;</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">:</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;">&quot;Too many open streams of this caller&quot;</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">}</span></span></code></pre></div><p>The body of the answer is a JSON-RPC error with this code and message.</p><h2 id="cure-it" tabindex="-1">Cure it <a class="header-anchor" href="#cure-it" aria-label="Permalink to &quot;Cure it&quot;">​</a></h2><p>The client must close streams that it does not read. Raise the limit if one account serves many people.</p><p>To read what a server answers to a client, run <code>doctor</code>:</p><div class="language-sh vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">sh</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span style="--shiki-light:#6F42C1;--shiki-dark:#B392F0;">npx</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> sallyport</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> doctor</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> http://localhost:8000/mcp</span></span></code></pre></div></div>`);
}
const _sfc_setup = _sfc_main.setup;
_sfc_main.setup = (props, ctx) => {
  const ssrContext = useSSRContext();
  (ssrContext.modules || (ssrContext.modules = /* @__PURE__ */ new Set())).add("errors/streams_exhausted.md");
  return _sfc_setup ? _sfc_setup(props, ctx) : void 0;
};
const streams_exhausted = /* @__PURE__ */ _export_sfc(_sfc_main, [["ssrRender", _sfc_ssrRender]]);
export {
  __pageData,
  streams_exhausted as default
};
