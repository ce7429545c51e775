import { ssrRenderAttrs } from "vue/server-renderer";
import { useSSRContext } from "vue";
import { _ as _export_sfc } from "./plugin-vue_export-helper.1tPrXgE0.js";
const __pageData = JSON.parse('{"title":"invalid_dpop_proof","description":"","frontmatter":{},"headers":[],"relativePath":"errors/invalid_dpop_proof.md","filePath":"errors/invalid_dpop_proof.md"}');
const _sfc_main = { name: "errors/invalid_dpop_proof.md" };
function _sfc_ssrRender(_ctx, _push, _parent, _attrs, $props, $setup, $data, $options) {
  _push(`<div${ssrRenderAttrs(_attrs)}><h1 id="invalid_dpop_proof" tabindex="-1"><code>invalid_dpop_proof</code> <a class="header-anchor" href="#invalid_dpop_proof" aria-label="Permalink to &quot;\`invalid_dpop_proof\`&quot;">​</a></h1><p>The token is bound to a key of the client, and the proof of that key is missing or wrong.</p><h2 id="if-you-operate-the-server" tabindex="-1">If you operate the server <a class="header-anchor" href="#if-you-operate-the-server" aria-label="Permalink to &quot;If you operate the server&quot;">​</a></h2><p>The log has one line for each refusal. It names the code, and the page of the code says what to do:</p><table tabindex="0"><thead><tr><th>code in the log</th><th>status</th></tr></thead><tbody><tr><td><a href="/errors/dpop_proof_invalid"><code>dpop_proof_invalid</code></a></td><td>401</td></tr></tbody></table><h2 id="if-you-use-a-client" tabindex="-1">If you use a client <a class="header-anchor" href="#if-you-use-a-client" aria-label="Permalink to &quot;If you use a client&quot;">​</a></h2><p>Send the operator the time of the request and the address of the server. Do not send the token: whoever has it can use it until it expires.</p><p>RFC 6750 §3.1 and RFC 9449 §12.2 define the values of <code>error</code>.</p></div>`);
}
const _sfc_setup = _sfc_main.setup;
_sfc_main.setup = (props, ctx) => {
  const ssrContext = useSSRContext();
  (ssrContext.modules || (ssrContext.modules = /* @__PURE__ */ new Set())).add("errors/invalid_dpop_proof.md");
  return _sfc_setup ? _sfc_setup(props, ctx) : void 0;
};
const invalid_dpop_proof = /* @__PURE__ */ _export_sfc(_sfc_main, [["ssrRender", _sfc_ssrRender]]);
export {
  __pageData,
  invalid_dpop_proof as default
};
