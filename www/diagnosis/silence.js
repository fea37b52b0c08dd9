// Runs before everything else: takes away what no policy blocks. The directive `webrtc` of Content Security Policy 3
// is unknown to the browsers of today.

for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "mozRTCPeerConnection", "RTCDataChannel", "RTCIceTransport"]) {
  Object.defineProperty(globalThis, name, { value: undefined, writable: false, configurable: false });
}
