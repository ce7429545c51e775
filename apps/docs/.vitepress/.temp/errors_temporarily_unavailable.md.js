import { ssrRenderAttrs } from "vue/server-renderer";
import { useSSRContext } from "vue";
import { _ as _export_sfc } from "./plugin-vue_export-helper.1tPrXgE0.js";
const __pageData = JSON.parse('{"title":"temporarily_unavailable","description":"","frontmatter":{},"headers":[],"relativePath":"errors/temporarily_unavailable.md","filePath":"errors/temporarily_unavailable.md"}');
const _sfc_main = { name: "errors/temporarily_unavailable.md" };
function _sfc_ssrRender(_ctx, _push, _parent, _attrs, $props, $setup, $data, $options) {
  _push(`<div${ssrRenderAttrs(_attrs)}><h1 id="temporarily_unavailable" tabindex="-1"><code>temporarily_unavailable</code> <a class="header-anchor" href="#temporarily_unavailable" aria-label="Permalink to &quot;\`temporarily_unavailable\`&quot;">​</a></h1><p>The server cannot check tokens at the moment, or it is starting or stopping. Keep the token, and retry after the seconds in <code>Retry-After</code>.</p><h2 id="if-you-operate-the-server" tabindex="-1">If you operate the server <a class="header-anchor" href="#if-you-operate-the-server" aria-label="Permalink to &quot;If you operate the server&quot;">​</a></h2><p>The log has one line for each refusal. It names the code, and the page of the code says what to do:</p><table tabindex="0"><thead><tr><th>code in the log</th><th>status</th></tr></thead><tbody><tr><td><a href="/errors/token_key_pending"><code>token_key_pending</code></a></td><td>503</td></tr><tr><td><a href="/errors/upstream_unavailable"><code>upstream_unavailable</code></a></td><td>503</td></tr></tbody></table><h2 id="if-you-use-a-client" tabindex="-1">If you use a client <a class="header-anchor" href="#if-you-use-a-client" aria-label="Permalink to &quot;If you use a client&quot;">​</a></h2><p>Send the operator the time of the request and the address of the server. Do not send the token: whoever has it can use it until it expires.</p><p>RFC 6750 §3.1 and RFC 9449 §12.2 define the values of <code>error</code>.</p></div>`);
}
const _sfc_setup = _sfc_main.setup;
_sfc_main.setup = (props, ctx) => {
  const ssrContext = useSSRContext();
  (ssrContext.modules || (ssrContext.modules = /* @__PURE__ */ new Set())).add("errors/temporarily_unavailable.md");
  return _sfc_setup ? _sfc_setup(props, ctx) : void 0;
};
const temporarily_unavailable = /* @__PURE__ */ _export_sfc(_sfc_main, [["ssrRender", _sfc_ssrRender]]);
export {
  __pageData,
  temporarily_unavailable as default
};
