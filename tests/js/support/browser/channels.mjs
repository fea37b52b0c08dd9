// Every way that a page could send something away, and somebody who listens at the other end.

import { createSocket } from "node:dgram";
import { createServer } from "node:http";

/** Ways that leave the page where it is; each gets an address of its own and may throw. They run in the page. */
export const QUIET = /** @type {Record<string, (url: string) => unknown>} */ ({
  fetch: (url) => fetch(url),
  "fetch no-cors": (url) => fetch(url, { mode: "no-cors", method: "POST", body: "x" }),
  "fetch keepalive": (url) => fetch(url, { mode: "no-cors", keepalive: true }),
  XMLHttpRequest: (url) => {
    const request = new XMLHttpRequest();
    request.open("GET", url);
    request.send();
  },
  EventSource: (url) => new EventSource(url),
  WebSocket: (url) => new WebSocket(url.replace("http", "ws")),
  sendBeacon: (url) => navigator.sendBeacon(url, "x"),
  image: (url) => Object.assign(new Image(), { src: url }),
  "image srcset": (url) => document.body.append(Object.assign(document.createElement("img"), { srcset: `${url} 1x` })),
  "input image": (url) => document.body.append(Object.assign(document.createElement("input"), { type: "image", src: url })),
  "svg image": (url) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const image = document.createElementNS("http://www.w3.org/2000/svg", "image");
    image.setAttribute("href", url);
    svg.append(image);
    document.body.append(svg);
  },
  "video poster": (url) => document.body.append(Object.assign(document.createElement("video"), { poster: url })),
  video: (url) => document.body.append(Object.assign(document.createElement("video"), { src: url, preload: "auto" })),
  audio: (url) => document.body.append(Object.assign(document.createElement("audio"), { src: url, preload: "auto" })),
  "style sheet": (url) => document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: url })),
  "style @import": (url) => document.head.append(Object.assign(document.createElement("style"), { textContent: `@import "${url}";` })),
  "style attribute": (url) => {
    const box = document.createElement("div");
    box.setAttribute("style", `width:9px;height:9px;background:url("${url}")`);
    document.body.append(box);
  },
  "style by script": (url) => {
    const box = document.createElement("div");
    Object.assign(box.style, { width: "9px", height: "9px", backgroundImage: `url("${url}")` });
    document.body.append(box);
  },
  font: (url) => new FontFace("canary", `url("${url}")`).load(),
  iframe: (url) => document.body.append(Object.assign(document.createElement("iframe"), { src: url })),
  object: (url) => document.body.append(Object.assign(document.createElement("object"), { data: url })),
  embed: (url) => document.body.append(Object.assign(document.createElement("embed"), { src: url })),
  script: (url) => document.body.append(Object.assign(document.createElement("script"), { src: url })),
  "module script": (url) => document.body.append(Object.assign(document.createElement("script"), { type: "module", src: url })),
  "import()": (url) => import(url),
  "Worker import": (url) => new Worker(URL.createObjectURL(new Blob([`importScripts("${url}")`]))),
  "audio worklet": (url) => new OfflineAudioContext(1, 1, 8000).audioWorklet.addModule(url),
  preload: (url) => document.head.append(Object.assign(document.createElement("link"), { rel: "preload", as: "fetch", href: url })),
  modulepreload: (url) => document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href: url })),
  prefetch: (url) => document.head.append(Object.assign(document.createElement("link"), { rel: "prefetch", href: url })),
  "form in a frame": (url) => {
    const frame = Object.assign(document.createElement("iframe"), { name: "nowhere" });
    const form = Object.assign(document.createElement("form"), { action: url, method: "post", target: "nowhere" });
    document.body.append(frame, form);
    form.submit();
  },
  "frame srcdoc": (url) => document.body.append(Object.assign(document.createElement("iframe"), { srcdoc: `<img src="${url}">` })),
  "link ping": (url) => {
    const link = Object.assign(document.createElement("a"), { href: "#here", ping: url });
    document.body.append(link);
    link.click();
  },
});

/** Ways that take the page away, or open another. */
export const LEAVING = /** @type {Record<string, (url: string) => unknown>} */ ({
  form: (url) => {
    const form = Object.assign(document.createElement("form"), { action: url });
    document.body.append(form);
    form.submit();
  },
  "form to a new window": (url) => {
    const form = Object.assign(document.createElement("form"), { action: url, target: "_blank" });
    document.body.append(form);
    form.submit();
  },
  "window.open": (url) => window.open(url),
  "link to a new window": (url) => {
    const link = Object.assign(document.createElement("a"), { href: url, target: "_blank" });
    document.body.append(link);
    link.click();
  },
  navigation: (url) => location.assign(url),
  "link click": (url) => {
    const link = Object.assign(document.createElement("a"), { href: url });
    document.body.append(link);
    link.click();
  },
  "meta refresh": (url) => document.head.append(Object.assign(document.createElement("meta"), { httpEquiv: "refresh", content: `0;url=${url}` })),
});

/** A question to a STUN server, which WebRTC asks before anything else; the second gets the means from a new frame. */
export const STUN = /** @type {Record<string, (url: string) => unknown>} */ ({
  WebRTC: async (url) => {
    const peer = new RTCPeerConnection({ iceServers: [{ urls: url }] });
    peer.createDataChannel("x");
    await peer.setLocalDescription(await peer.createOffer());
  },
  "WebRTC of a new frame": async (url) => {
    const frame = document.createElement("iframe");
    document.body.append(frame);
    const peer = new /** @type {any} */ (frame.contentWindow).RTCPeerConnection({ iceServers: [{ urls: url }] });
    peer.createDataChannel("x");
    await peer.setLocalDescription(await peer.createOffer());
  },
});

/** Listens to everything on this machine that could be a way out. */
export async function openCollector() {
  /** @type {Set<string>} the last parts of the addresses that were asked for */
  const seen = new Set();
  const note = (/** @type {import("node:http").IncomingMessage} */ { url = "" }) => seen.add(decodeURIComponent(url.slice(1).split("?")[0] ?? ""));
  const server = createServer((request, response) => {
    note(request);
    response.writeHead(200, { "access-control-allow-origin": "*", "content-type": "text/plain" }).end();
  });
  server.on("upgrade", (request, socket) => {
    note(request);
    socket.destroy();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  /** @type {Map<number, import("node:dgram").Socket>} */
  const sockets = new Map();
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    seen,
    /** @param {string} scenario @param {string} way */
    url: (scenario, way) => `http://127.0.0.1:${port}/${encodeURIComponent(`${scenario}/${way}`)}`,
    /** The address of a STUN server of its own. @param {string} scenario @param {string} way @returns {Promise<string>} */
    stun: (scenario, way) =>
      new Promise((resolve) => {
        const socket = createSocket("udp4", () => seen.add(`${scenario}/${way}`));
        socket.bind(0, "127.0.0.1", () => {
          const own = socket.address().port;
          sockets.set(own, socket);
          resolve(`stun:127.0.0.1:${own}`);
        });
      }),
    close() {
      for (const socket of sockets.values()) socket.close();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
