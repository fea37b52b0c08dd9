// The view of the campaigns: the list, or the editor of the one that the fragment names, as in `#campaigns/123456/form`.

import { html, useEffect, useState } from "../html.js";
import { Editor } from "./editor.js";
import { List } from "./list.js";

// As it stands: no name in it has anything to escape, and what somebody else escaped may not be readable.
const named = () => location.hash.slice(1).split("/").slice(1);

/** @param {{ me: import("../api.js").Session }} properties */
export function CampaignsView({ me }) {
  const [[campaignId, section = ""], setPlace] = useState(named);
  useEffect(() => {
    const follow = () => location.hash.startsWith("#campaigns") && setPlace(named());
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return campaignId ? html`<${Editor} key=${campaignId} me=${me} campaignId=${campaignId} section=${section} />` : html`<${List} />`;
}
