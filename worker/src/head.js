// HEAD: what GET would answer, without its body.

/** @param {Response} response */
export function dropped(response) {
  response.body?.cancel().catch(() => {});
  return new Response(null, { status: response.status, headers: response.headers });
}
