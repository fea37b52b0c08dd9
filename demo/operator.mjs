// The operator's side of the worker's HTTP interface, with an access token that is renewed in time.

export class Operator {
  #worker;
  #credentials;
  /** @type {{ token: string, until: number } | undefined} */
  #access;

  /** @param {string} worker @param {{ clientId: string, secret: string }} credentials */
  constructor(worker, credentials) {
    this.#worker = worker;
    this.#credentials = credentials;
  }

  async #token() {
    if (this.#access && this.#access.until > Date.now()) return this.#access.token;
    const { clientId, secret } = this.#credentials;
    const response = await fetch(`${this.#worker}/v1/auth/token`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` },
      body: new URLSearchParams({ grant_type: "client_credentials" }),
    });
    const body = await response.json();
    if (!response.ok) throw new Error(`The worker refused the operator: ${JSON.stringify(body)}`);
    this.#access = { token: body.access_token, until: Date.now() + (body.expires_in - 60) * 1000 };
    return body.access_token;
  }

  /**
   * @param {string} method @param {string} path @param {unknown} [body] a text is sent as it is
   * @returns {Promise<{ status: number, body: any }>}
   */
  async call(method, path, body) {
    const response = await fetch(this.#worker + path, {
      method,
      headers: { authorization: `Bearer ${await this.#token()}`, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : null };
  }

  /** @param {string} account @param {string} campaignId */
  async statistics(account, campaignId) {
    return (await this.call("GET", `/v1/statistics/${account}/${campaignId}`)).body;
  }

  /** @param {string} account @param {string} campaignId @param {string} token */
  async explain(account, campaignId, token) {
    return (await this.call("POST", "/v1/explain", { account, campaignId, token })).body;
  }
}
