// What the service has recorded, read from its statistics.

const output = /** @type {HTMLOutputElement} */ (document.getElementById("recorded"));

async function read() {
  const response = await fetch("/api/statistics");
  const { recorded } = await response.json();
  return Number(recorded);
}

/** The statistics are written right after a participation, not together with it: looks until they have it. */
async function follow() {
  const before = Number(output.value);
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const recorded = await read();
    output.value = String(recorded);
    if (recorded > before) return;
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
}

export async function countRecorded() {
  document.addEventListener("handstamp:submitted", follow);
  output.value = String(await read());
}
