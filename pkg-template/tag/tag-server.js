// handstamp/tag where pages are rendered: importing it does nothing, as there is no page to show a campaign in.

/** @type {typeof import("../tag.d.ts").create} */
export function create() {
  throw new Error("handstamp/tag shows campaigns in a browser: call create() there, such as once the component is mounted");
}
