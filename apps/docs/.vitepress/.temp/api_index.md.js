import { ssrRenderAttrs } from "vue/server-renderer";
import { useSSRContext } from "vue";
import { _ as _export_sfc } from "./plugin-vue_export-helper.1tPrXgE0.js";
const __pageData = JSON.parse('{"title":"API reference","description":"","frontmatter":{},"headers":[],"relativePath":"api/index.md","filePath":"api/index.md"}');
const _sfc_main = { name: "api/index.md" };
function _sfc_ssrRender(_ctx, _push, _parent, _attrs, $props, $setup, $data, $options) {
  _push(`<div${ssrRenderAttrs(_attrs)}><h1 id="api-reference" tabindex="-1">API reference <a class="header-anchor" href="#api-reference" aria-label="Permalink to &quot;API reference&quot;">​</a></h1><h2 id="modules" tabindex="-1">Modules <a class="header-anchor" href="#modules" aria-label="Permalink to &quot;Modules&quot;">​</a></h2><ul><li><a href="./cached-secrets">cached-secrets</a></li><li><a href="./client-authentication">client-authentication</a></li><li><a href="./config">config</a></li><li><a href="./contract-tests">contract-tests</a></li><li><a href="./contract-tests/secret-process">contract-tests/secret-process</a></li><li><a href="./core">core</a></li><li><a href="./dpop">dpop</a></li><li><a href="./guarded-fetch">guarded-fetch</a></li><li><a href="./lifecycle">lifecycle</a></li><li><a href="./lifecycle/stop-signals">lifecycle/stop-signals</a></li><li><a href="./mcp-adapter">mcp-adapter</a></li><li><a href="./mcp-adapter/express">mcp-adapter/express</a></li><li><a href="./mcp-adapter/fastify">mcp-adapter/fastify</a></li><li><a href="./mcp-adapter/fetch">mcp-adapter/fetch</a></li><li><a href="./mcp-adapter/hono">mcp-adapter/hono</a></li><li><a href="./mcp-adapter/node">mcp-adapter/node</a></li><li><a href="./mcp-adapter/sdk">mcp-adapter/sdk</a></li><li><a href="./mcp-adapter/server">mcp-adapter/server</a></li><li><a href="./mtls">mtls</a></li><li><a href="./protect">protect</a></li><li><a href="./protect/express">protect/express</a></li><li><a href="./protect/fastify">protect/fastify</a></li><li><a href="./protect/fetch">protect/fetch</a></li><li><a href="./protect/hono">protect/hono</a></li><li><a href="./protect/node">protect/node</a></li><li><a href="./proxy">proxy</a></li><li><a href="./rate-limit-redis">rate-limit-redis</a></li><li><a href="./rate-limit">rate-limit</a></li><li><a href="./sallyport">sallyport</a></li><li><a href="./secrets-aws">secrets-aws</a></li><li><a href="./secrets-env">secrets-env</a></li><li><a href="./secrets-file">secrets-file</a></li><li><a href="./secrets-gcp">secrets-gcp</a></li><li><a href="./secrets-vault">secrets-vault</a></li><li><a href="./telemetry">telemetry</a></li><li><a href="./telemetry/opentelemetry">telemetry/opentelemetry</a></li><li><a href="./testing">testing</a></li><li><a href="./testing/aws-secrets-manager">testing/aws-secrets-manager</a></li><li><a href="./testing/secret-manager">testing/secret-manager</a></li><li><a href="./testing/vault">testing/vault</a></li><li><a href="./testing/wrong-http">testing/wrong-http</a></li><li><a href="./token-exchange">token-exchange</a></li><li><a href="./verifier-introspection/">verifier-introspection</a></li><li><a href="./verifier-jwt">verifier-jwt</a></li><li><a href="./verifier-jwt/providers-1">verifier-jwt/providers</a></li><li><a href="./verifier-static">verifier-static</a></li></ul></div>`);
}
const _sfc_setup = _sfc_main.setup;
_sfc_main.setup = (props, ctx) => {
  const ssrContext = useSSRContext();
  (ssrContext.modules || (ssrContext.modules = /* @__PURE__ */ new Set())).add("api/index.md");
  return _sfc_setup ? _sfc_setup(props, ctx) : void 0;
};
const index = /* @__PURE__ */ _export_sfc(_sfc_main, [["ssrRender", _sfc_ssrRender]]);
export {
  __pageData,
  index as default
};
