// The ratios as a picture: for each token a bar for each runtime, and the line at which both take as long.

const COLOURS = { node: "#3a7d44", chromium: "#2f6fb5", workerd: "#c4681c" };
const [WIDTH, LEFT, TOP, BAR, GAP] = [720, 210, 46, 9, 9];

/**
 * @param {Record<string, Record<string, number>>} rows how many times as long jose takes, by token and runtime
 * @returns {string} SVG
 */
export function picture(rows) {
  const names = Object.keys(rows);
  const runtimes = Object.keys(COLOURS).filter((runtime) => names.some((name) => runtime in rows[name]));
  const most = Math.ceil(Math.max(2, ...names.flatMap((name) => Object.values(rows[name]))));
  const x = (ratio) => LEFT + (ratio / most) * (WIDTH - LEFT - 40);
  const step = runtimes.length * BAR + GAP;
  const height = TOP + names.length * step + 10;
  const bars = names.flatMap((name, row) => {
    const y = TOP + row * step;
    const label = `<text x="${LEFT - 8}" y="${y + (runtimes.length * BAR) / 2 + 4}" text-anchor="end">${name}</text>`;
    return [label, ...runtimes.flatMap((runtime, place) => {
      const ratio = rows[name][runtime];
      if (ratio === undefined) return [];
      const at = y + place * BAR;
      const bar = `<rect x="${LEFT}" y="${at}" width="${(x(ratio) - LEFT).toFixed(1)}" height="${BAR - 1}" fill="${COLOURS[runtime]}"/>`;
      return [bar, `<text class="n" x="${(x(ratio) + 3).toFixed(1)}" y="${at + BAR - 2}">${ratio.toFixed(1)}</text>`];
    })];
  });
  const legend = runtimes.map((runtime, place) =>
    `<rect x="${LEFT + place * 110}" y="10" width="10" height="10" fill="${COLOURS[runtime]}"/><text x="${LEFT + place * 110 + 15}" y="19">${runtime}</text>`);
  const one = `<line x1="${x(1).toFixed(1)}" x2="${x(1).toFixed(1)}" y1="${TOP - 6}" y2="${height - 6}"/><text class="n" x="${x(1).toFixed(1)}" y="${TOP - 9}" text-anchor="middle">1×</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="The time of jose divided by ours, for each token and runtime">`,
    "<style>text{font:12px sans-serif;fill:#222}.n{font-size:9px}line{stroke:#222;stroke-dasharray:4 3}@media(prefers-color-scheme:dark){text{fill:#ddd}line{stroke:#ddd}}</style>",
    ...legend, ...bars, one, "</svg>", "",
  ].join("\n");
}
