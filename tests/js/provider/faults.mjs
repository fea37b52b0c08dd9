// How a server can fail to answer. Each takes the response of node:http and does its worst.

/** @typedef {(response: import("node:http").ServerResponse, heard: Heard) => void} Fault */
/** What the server saw of its own misbehaviour: bytes that were taken from it, requests where it redirected to. @typedef {{ bytes: number }} Heard */

const HUGE_BYTES = 50_000_000;

/** @param {number} status @param {string} type @param {string | Uint8Array} text @returns {Fault} */
export const answer = (status, type, text) => (response) => response.writeHead(status, { "content-type": type }).end(text);

/** @param {unknown} value @param {number} [status] */
export const json = (value, status = 200) => answer(status, "application/json", JSON.stringify(value));

export const html = answer(200, "text/html; charset=utf-8", "<!doctype html><title>Maintenance</title><p>Back soon.");
export const serverError = answer(500, "text/plain", "Internal Server Error");
export const unavailable = answer(503, "text/html", "<h1>Service Unavailable</h1>");
export const truncated = answer(200, "application/json", '{"access_token":"canary","token_type":"Bea');
export const notObject = answer(200, "application/json", '["not","an","object"]');
export const empty = answer(200, "application/json", "");

/** To a place that would answer well. @type {Fault} */
export const redirect = (response) => response.writeHead(302, { location: `${response.req.url}/elsewhere` }).end();

/** Takes the request and says nothing. @type {Fault} */
export const stall = () => {};

/** Says something every second, and never enough. @type {Fault} */
export const drip = (response) => {
  response.writeHead(200, { "content-type": "application/json" });
  response.write("{");
  const timer = setInterval(() => response.write(" "), 1000);
  response.on("close", () => clearInterval(timer));
};

/** Hangs up in the middle of a body that it had announced. @type {Fault} */
export const hangUp = (response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "5000" });
  response.write('{"issuer":', () => response.destroy());
};

/** @type {Fault} */
export const notUtf8 = (response) => {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(Buffer.from('{"issuer":"\xff\xfe"}', "latin1"));
};

/** Fifty megabytes of good JSON, as fast as they are taken. @type {Fault} */
export const huge = (response, heard) => {
  response.writeHead(200, { "content-type": "application/json" });
  const chunk = Buffer.alloc(64 * 1024, " ");
  let sent = 0;
  const more = () => {
    while (sent < HUGE_BYTES && !response.destroyed) {
      sent += chunk.length;
      heard.bytes = sent;
      if (!response.write(chunk)) return void response.once("drain", more);
    }
    response.end("{}");
  };
  more();
};
