import { ssrRenderAttrs } from "vue/server-renderer";
import { useSSRContext } from "vue";
import { _ as _export_sfc } from "./plugin-vue_export-helper.1tPrXgE0.js";
const __pageData = JSON.parse('{"title":"contract-tests/secret-process","description":"","frontmatter":{},"headers":[],"relativePath":"api/contract-tests/secret-process.md","filePath":"api/contract-tests/secret-process.md"}');
const _sfc_main = { name: "api/contract-tests/secret-process.md" };
function _sfc_ssrRender(_ctx, _push, _parent, _attrs, $props, $setup, $data, $options) {
  _push(`<div${ssrRenderAttrs(_attrs)}><h1 id="contract-testssecret-process" tabindex="-1">contract-tests/secret-process <a class="header-anchor" href="#contract-testssecret-process" aria-label="Permalink to &quot;contract-tests/secret-process&quot;">​</a></h1><h2 id="functions" tabindex="-1">Functions <a class="header-anchor" href="#functions" aria-label="Permalink to &quot;Functions&quot;">​</a></h2><h3 id="runsecretprocess" tabindex="-1">runSecretProcess() <a class="header-anchor" href="#runsecretprocess" aria-label="Permalink to &quot;runSecretProcess()&quot;">​</a></h3><div class="language-ts vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">ts</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">function</span><span style="--shiki-light:#6F42C1;--shiki-dark:#B392F0;"> runSecretProcess</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">(</span><span style="--shiki-light:#E36209;--shiki-dark:#FFAB70;">openProvider</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">)</span><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">:</span><span style="--shiki-light:#6F42C1;--shiki-dark:#B392F0;"> Promise</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">&lt;</span><span style="--shiki-light:#005CC5;--shiki-dark:#79B8FF;">void</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">&gt;;</span></span></code></pre></div><p>Defined in: <a href="https://github.com/sallyport/sallyport/blob/main/packages/contract-tests/src/secret-process.ts#L11" target="_blank" rel="noreferrer">packages/contract-tests/src/secret-process.ts:11</a></p><p>Runs the scenarios of <code>describeRotatingSecretProvider</code>, each with a provider of its own, and prints their outcomes. Call it in the <code>processScript</code> of your fixture. The process must then end without help.</p><h4 id="parameters" tabindex="-1">Parameters <a class="header-anchor" href="#parameters" aria-label="Permalink to &quot;Parameters&quot;">​</a></h4><table tabindex="0"><thead><tr><th>Parameter</th><th>Type</th><th>Description</th></tr></thead><tbody><tr><td><code>openProvider</code></td><td>(...<code>words</code>) =&gt; <a href="./../core#secretprovider"><code>SecretProvider</code></a></td><td>Makes a provider, with a cache of 1 second and a deadline of 60 seconds. It gets what <code>processArguments</code> returned.</td></tr></tbody></table><h4 id="returns" tabindex="-1">Returns <a class="header-anchor" href="#returns" aria-label="Permalink to &quot;Returns&quot;">​</a></h4><p><code>Promise</code>&lt;<code>void</code>&gt;</p></div>`);
}
const _sfc_setup = _sfc_main.setup;
_sfc_main.setup = (props, ctx) => {
  const ssrContext = useSSRContext();
  (ssrContext.modules || (ssrContext.modules = /* @__PURE__ */ new Set())).add("api/contract-tests/secret-process.md");
  return _sfc_setup ? _sfc_setup(props, ctx) : void 0;
};
const secretProcess = /* @__PURE__ */ _export_sfc(_sfc_main, [["ssrRender", _sfc_ssrRender]]);
export {
  __pageData,
  secretProcess as default
};
