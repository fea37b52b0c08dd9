// The static files on plain workerd, whose folders know neither media types nor index pages.

/** @type {Record<string, string>} */
const TYPES = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  mjs: "text/javascript; charset=utf-8",
  png: "image/png",
  svg: "image/svg+xml",
  wasm: "application/wasm",
};

export default {
  /**
   * @param {Request} request
   * @param {{ FILES: Fetcher }} env
   */
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    const name = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
    const extension = /\.([a-z]+)$/.exec(name)?.[1];
    // A folder is not a file; its list is nobody's business.
    if (!extension) return new Response(null, { status: 404 });
    const file = await env.FILES.fetch(`http://files${name}`);
    if (!file.ok) return new Response(null, { status: 404 });
    const headers = { "content-type": TYPES[extension] ?? "application/octet-stream" };
    return new Response(file.body, { headers });
  },
};
