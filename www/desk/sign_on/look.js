// Has the service look at a URL while it is typed: at a key set, or at an identity provider's metadata.

import { call, own } from "../api.js";
import { faultAt, sentenceOf } from "../faults.js";
import { useEffect, useState } from "../html.js";

/** How long nobody types before it is looked at. */
const PAUSE_MS = 500;

/**
 * @param {string} route below the account
 * @param {"url" | "issuer"} name of the member of the body that is typed
 * @param {Record<string, string>} body
 * @returns {{ judged: any, fault: import("../faults.js").Said | undefined }} judged: what was found; fault: at the field
 */
export function useLook(route, name, body) {
  const [seen, setSeen] = useState(/** @type {{ judged?: any, fault?: unknown }} */ ({}));
  useEffect(() => {
    setSeen({});
    if (!/^https?:\/\/[^/]/.test(body[name])) return;
    let isOver = false;
    const timer = setTimeout(() => {
      call("POST", own(route), body).then((judged) => isOver || setSeen({ judged }), (fault) => isOver || setSeen({ fault }));
    }, PAUSE_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [JSON.stringify(body)]);
  const { judged, fault } = seen;
  return { judged, fault: fault ? (faultAt(fault, `/${name}`) ?? sentenceOf(fault)) : undefined };
}
