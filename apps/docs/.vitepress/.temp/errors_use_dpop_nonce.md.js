import { ssrRenderAttrs } from "vue/server-renderer";
import { useSSRContext } from "vue";
import { _ as _export_sfc } from "./plugin-vue_export-helper.1tPrXgE0.js";
const __pageData = JSON.parse('{"title":"use_dpop_nonce","description":"","frontmatter":{},"headers":[],"relativePath":"errors/use_dpop_nonce.md","filePath":"errors/use_dpop_nonce.md"}');
const _sfc_main = { name: "errors/use_dpop_nonce.md" };
function _sfc_ssrRender(_ctx, _push, _parent, _attrs, $props, $setup, $data, $options) {
  _push(`<div${ssrRenderAttrs(_attrs)}><h1 id="use_dpop_nonce" tabindex="-1"><code>use_dpop_nonce</code> <a class="header-anchor" href="#use_dpop_nonce" aria-label="Permalink to &quot;\`use_dpop_nonce\`&quot;">​</a></h1><p>The client must repeat the request with the nonce of the answer in its proof.</p><h2 id="if-you-operate-the-server" tabindex="-1">If you operate the server <a class="header-anchor" href="#if-you-operate-the-server" aria-label="Permalink to &quot;If you operate the server&quot;">​</a></h2><p>The log has one line for each refusal. It names the code, and the page of the code says what to do:</p><table tabindex="0"><thead><tr><th>code in the log</th><th>status</th></tr></thead><tbody><tr><td><a href="/errors/dpop_nonce_required"><code>dpop_nonce_required</code></a></td><td>401</td></tr></tbody></table><h2 id="if-you-use-a-client" tabindex="-1">If you use a client <a class="header-anchor" href="#if-you-use-a-client" aria-label="Permalink to &quot;If you use a client&quot;">​</a></h2><p>Send the operator the time of the request and the address of the server. Do not send the token: whoever has it can use it until it expires.</p><p>RFC 6750 §3.1 and RFC 9449 §12.2 define the values of <code>error</code>.</p></div>`);
}
const _sfc_setup = _sfc_main.setup;
_sfc_main.setup = (props, ctx) => {
  const ssrContext = useSSRContext();
  (ssrContext.modules || (ssrContext.modules = /* @__PURE__ */ new Set())).add("errors/use_dpop_nonce.md");
  return _sfc_setup ? _sfc_setup(props, ctx) : void 0;
};
const use_dpop_nonce = /* @__PURE__ */ _export_sfc(_sfc_main, [["ssrRender", _sfc_ssrRender]]);
export {
  __pageData,
  use_dpop_nonce as default
};
