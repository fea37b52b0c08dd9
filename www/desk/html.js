// The door to Preact and htm: elements from templates that stand in the scripts, so that the page's policy needs no exception.

export { html, render } from "htm/preact";
export { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
