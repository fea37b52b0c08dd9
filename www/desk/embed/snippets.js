// What stands on a page to show a campaign, filled with the account's own names. The wrappers and the stub are the package's own
// files, fetched as they are.

/** @typedef {{ base: string, account: string, campaignId: string }} Shown */

const attributes = (/** @type {Shown} */ { account, campaignId }) => `data-handstamp-account="${account}" data-handstamp-campaign="${campaignId}"`;

/** @param {Shown} shown */
const tag = (shown) => `<div ${attributes(shown)}></div>
<script async src="${shown.base}/tag.js"></script>
`;

/** @param {string} name @returns {Promise<string>} */
const file = async (name) => {
  const answer = await fetch(`/desk/embed/${name}.txt`);
  if (!answer.ok) throw new TypeError(name);
  return answer.text();
};

/** The origin that the stub is built with. */
const EXAMPLE = "https://campaigns.example";

/** @param {Shown} shown */
const stub = async (shown) => `<div ${attributes(shown)}></div>
<script>
${(await file("stub")).trim().replace(EXAMPLE, shown.base)}
</script>
<noscript><a href="${shown.base}/campaign/${shown.account}/${shown.campaignId}">${shown.base}/campaign/${shown.account}/${shown.campaignId}</a></noscript>
`;

/** @param {Shown} shown @param {string} name @param {string} source @param {(element: string) => string} use */
const component = async ({ base, account, campaignId }, name, source, use) => `${use(`<Campaign account="${account}" campaign="${campaignId}" base="${base}" />`)}
${source.split(".").at(-1) === "jsx" ? "//" : "<!--"} ${source}${source.endsWith("jsx") ? "" : " -->"}
${await file(name)}`;

/** Each way to embed a campaign. @type {{ name: "tag" | "stub" | "react" | "vue" | "svelte" | "mail" | "app", make: (shown: Shown) => string | Promise<string> }[]} */
export const WAYS = [
  { name: "tag", make: tag },
  { name: "stub", make: stub },
  { name: "react", make: (shown) => component(shown, "react", "Campaign.jsx", (element) => `// npm install handstamp\nimport { Campaign } from "./Campaign.jsx";\n\nexport const Page = () => ${element};\n`) },
  { name: "vue", make: (shown) => component(shown, "vue", "Campaign.vue", (element) => `<!-- npm install handstamp -->\n<script setup>\nimport Campaign from "./Campaign.vue";\n</script>\n\n<template>${element}</template>\n`) },
  { name: "svelte", make: (shown) => component(shown, "svelte", "Campaign.svelte", (element) => `<!-- npm install handstamp -->\n<script>\n  import Campaign from "./Campaign.svelte";\n</script>\n\n${element}\n`) },
  { name: "mail", make: ({ base, account, campaignId }) => `${base}/campaign/${account}/${campaignId}#token=eyJ…\n` },
  { name: "app", make: (shown) => `// The app, before the page's scripts run\nwindow.handstampToken = () => "eyJ…";\n\n<!-- The page -->\n${tag(shown)}` },
];
