import { ssrRenderAttrs } from "vue/server-renderer";
import { useSSRContext } from "vue";
import { _ as _export_sfc } from "./plugin-vue_export-helper.1tPrXgE0.js";
const __pageData = JSON.parse('{"title":"invalid_token","description":"","frontmatter":{},"headers":[],"relativePath":"errors/invalid_token.md","filePath":"errors/invalid_token.md"}');
const _sfc_main = { name: "errors/invalid_token.md" };
function _sfc_ssrRender(_ctx, _push, _parent, _attrs, $props, $setup, $data, $options) {
  _push(`<div${ssrRenderAttrs(_attrs)}><h1 id="invalid_token" tabindex="-1"><code>invalid_token</code> <a class="header-anchor" href="#invalid_token" aria-label="Permalink to &quot;\`invalid_token\`&quot;">​</a></h1><p>The server does not accept this token. Sign in again first: an expired token is the most frequent reason. If a new token is refused as well, the server or the identity provider is configured wrongly.</p><h2 id="if-you-operate-the-server" tabindex="-1">If you operate the server <a class="header-anchor" href="#if-you-operate-the-server" aria-label="Permalink to &quot;If you operate the server&quot;">​</a></h2><p>The log has one line for each refusal. It names the code, and the page of the code says what to do:</p><table tabindex="0"><thead><tr><th>code in the log</th><th>status</th></tr></thead><tbody><tr><td><a href="/errors/token_malformed"><code>token_malformed</code></a></td><td>401</td></tr><tr><td><a href="/errors/token_key_unknown"><code>token_key_unknown</code></a></td><td>401</td></tr><tr><td><a href="/errors/token_signature_invalid"><code>token_signature_invalid</code></a></td><td>401</td></tr><tr><td><a href="/errors/token_algorithm_forbidden"><code>token_algorithm_forbidden</code></a></td><td>401</td></tr><tr><td><a href="/errors/token_type_forbidden"><code>token_type_forbidden</code></a></td><td>401</td></tr><tr><td><a href="/errors/token_sender_constrained"><code>token_sender_constrained</code></a></td><td>401</td></tr><tr><td><a href="/errors/token_not_sender_constrained"><code>token_not_sender_constrained</code></a></td><td>401</td></tr><tr><td><a href="/errors/token_expired"><code>token_expired</code></a></td><td>401</td></tr><tr><td><a href="/errors/token_not_yet_valid"><code>token_not_yet_valid</code></a></td><td>401</td></tr><tr><td><a href="/errors/token_issuer_untrusted"><code>token_issuer_untrusted</code></a></td><td>401</td></tr><tr><td><a href="/errors/token_audience_mismatch"><code>token_audience_mismatch</code></a></td><td>401</td></tr><tr><td><a href="/errors/token_claim_invalid"><code>token_claim_invalid</code></a></td><td>401</td></tr><tr><td><a href="/errors/token_lifetime_excessive"><code>token_lifetime_excessive</code></a></td><td>401</td></tr><tr><td><a href="/errors/token_inactive"><code>token_inactive</code></a></td><td>401</td></tr></tbody></table><h2 id="if-you-use-a-client" tabindex="-1">If you use a client <a class="header-anchor" href="#if-you-use-a-client" aria-label="Permalink to &quot;If you use a client&quot;">​</a></h2><p>Send the operator the time of the request and the address of the server. Do not send the token: whoever has it can use it until it expires.</p><p>RFC 6750 §3.1 and RFC 9449 §12.2 define the values of <code>error</code>.</p></div>`);
}
const _sfc_setup = _sfc_main.setup;
_sfc_main.setup = (props, ctx) => {
  const ssrContext = useSSRContext();
  (ssrContext.modules || (ssrContext.modules = /* @__PURE__ */ new Set())).add("errors/invalid_token.md");
  return _sfc_setup ? _sfc_setup(props, ctx) : void 0;
};
const invalid_token = /* @__PURE__ */ _export_sfc(_sfc_main, [["ssrRender", _sfc_ssrRender]]);
export {
  __pageData,
  invalid_token as default
};
