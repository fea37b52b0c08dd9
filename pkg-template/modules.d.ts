// What bundlers and edge runtimes make of an imported .wasm file, and what Node's entries import. Not part of the package.
declare module "node:zlib" {
  export function inflateRawSync(bytes: Uint8Array): Uint8Array<ArrayBuffer>;
}
declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
declare module "*.wasm?module" {
  const module: WebAssembly.Module;
  export default module;
}
/** The package's version; put in when the tag is made. */
declare const __VERSION__: string;
