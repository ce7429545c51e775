import { ssrRenderAttrs } from "vue/server-renderer";
import { useSSRContext } from "vue";
import { _ as _export_sfc } from "./plugin-vue_export-helper.1tPrXgE0.js";
const __pageData = JSON.parse('{"title":"A tunnel to your own machine","description":"","frontmatter":{},"headers":[],"relativePath":"scenarios/tunnel.md","filePath":"scenarios/tunnel.md"}');
const _sfc_main = { name: "scenarios/tunnel.md" };
function _sfc_ssrRender(_ctx, _push, _parent, _attrs, $props, $setup, $data, $options) {
  _push(`<div${ssrRenderAttrs(_attrs)}><h1 id="a-tunnel-to-your-own-machine" tabindex="-1">A tunnel to your own machine <a class="header-anchor" href="#a-tunnel-to-your-own-machine" aria-label="Permalink to &quot;A tunnel to your own machine&quot;">​</a></h1><h2 id="what-is-different-from-the-guide" tabindex="-1">What is different from the guide <a class="header-anchor" href="#what-is-different-from-the-guide" aria-label="Permalink to &quot;What is different from the guide&quot;">​</a></h2><ul><li><strong>Nothing has to be registered.</strong> The command <code>gcloud iap oauth-clients create --uri</code> of the guide does not exist with that option, and ID tokens of service accounts need no client.</li><li><strong>The address of the server is the tunnel.</strong> Tokens and clients see that address, and not <code>localhost</code>.</li><li><strong>The tunnel is a proxy.</strong> Without <code>TRUSTED_PROXY_HOPS=1</code>, all clients share one limit.</li><li>Static tokens and the local authorization server are for this machine alone. Do not use them behind a tunnel.</li></ul><h2 id="before-your-first-deployment" tabindex="-1">Before your first deployment <a class="header-anchor" href="#before-your-first-deployment" aria-label="Permalink to &quot;Before your first deployment&quot;">​</a></h2><p>Run the <a href="/operate/cloud-run#before-your-first-deployment">commands that create the project</a> once.</p><h2 id="deploy-it" tabindex="-1">Deploy it <a class="header-anchor" href="#deploy-it" aria-label="Permalink to &quot;Deploy it&quot;">​</a></h2><p>For a client elsewhere, or an identity provider that knows public addresses only. <code>ngrok http 8000</code> prints an https address; the resource URL is that address and <code>/mcp</code>. The tunnel is one proxy in front. A <code>.env</code> beside the server, with an issuer that you have, here Google:</p><div class="language-sh vp-adaptive-theme"><button title="Copy Code" class="copy"></button><span class="lang">sh</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code><span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">export</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;"> TUNNEL</span><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">=</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">https://acme.ngrok.app</span></span>
<span class="line"><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">export</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;"> CALLER_ID</span><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;">=</span><span style="--shiki-light:#005CC5;--shiki-dark:#79B8FF;">112233445566778899001</span></span>
<span class="line"></span>
<span class="line"><span style="--shiki-light:#6F42C1;--shiki-dark:#B392F0;">cat</span><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;"> &gt;</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> .env</span><span style="--shiki-light:#D73A49;--shiki-dark:#F97583;"> &lt;&lt;</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;">EOF</span></span>
<span class="line"><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;">ENVIRONMENT=development</span></span>
<span class="line"><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;">FASTMCP_SERVER_AUTH_TYPE=jwt</span></span>
<span class="line"><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;">FASTMCP_SERVER_AUTH_SECRET_BACKEND=env</span></span>
<span class="line"><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;">FASTMCP_SERVER_AUTH_RESOURCE_URL=</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">$TUNNEL</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;">/mcp</span></span>
<span class="line"><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;">FASTMCP_SERVER_AUTH_TRUSTED_PROXY_HOPS=1</span></span>
<span class="line"><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;">FASTMCP_SERVER_AUTH_JWT_JWKS_URI=https://www.googleapis.com/oauth2/v3/certs</span></span>
<span class="line"><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;">FASTMCP_SERVER_AUTH_JWT_ISSUER=https://accounts.google.com</span></span>
<span class="line"><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;">FASTMCP_SERVER_AUTH_JWT_AUDIENCE=</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">$TUNNEL</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;">/mcp</span></span>
<span class="line"><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;">FASTMCP_SERVER_AUTH_JWT_ALGORITHM=RS256</span></span>
<span class="line"><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;">FASTMCP_SERVER_AUTH_JWT_CLIENT_IDS=</span><span style="--shiki-light:#24292E;--shiki-dark:#E1E4E8;">$CALLER_ID</span></span>
<span class="line"><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;">FASTMCP_SERVER_AUTH_TOOL_SCOPES={}</span></span>
<span class="line"><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;">EOF</span></span>
<span class="line"><span style="--shiki-light:#6F42C1;--shiki-dark:#B392F0;">npx</span><span style="--shiki-light:#005CC5;--shiki-dark:#79B8FF;"> --yes</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> pnpm@12</span><span style="--shiki-light:#032F62;--shiki-dark:#9ECBFF;"> start</span></span></code></pre></div><p>With a token as in scenario 1, for the audience <code>$TUNNEL/mcp</code>. Nothing has to be registered for ID tokens of service accounts. Static tokens are for this machine alone: do not use them behind a tunnel.</p><h2 id="if-it-is-refused" tabindex="-1">If it is refused <a class="header-anchor" href="#if-it-is-refused" aria-label="Permalink to &quot;If it is refused&quot;">​</a></h2><p><a href="/errors/host_forbidden">Host not allowed</a>: the resource must be the address of the tunnel.</p></div>`);
}
const _sfc_setup = _sfc_main.setup;
_sfc_main.setup = (props, ctx) => {
  const ssrContext = useSSRContext();
  (ssrContext.modules || (ssrContext.modules = /* @__PURE__ */ new Set())).add("scenarios/tunnel.md");
  return _sfc_setup ? _sfc_setup(props, ctx) : void 0;
};
const tunnel = /* @__PURE__ */ _export_sfc(_sfc_main, [["ssrRender", _sfc_ssrRender]]);
export {
  __pageData,
  tunnel as default
};
