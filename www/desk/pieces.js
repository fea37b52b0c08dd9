// Pieces that the console's views share: a button that works and says so, a fault, a text to copy, a field.

import { Refused } from "./api.js";
import { inWords, sentenceOf } from "./faults.js";
import { html, useState } from "./html.js";
import { say, sayWith } from "./words/speech.js";

/**
 * Does work one at a time and keeps what went wrong.
 * @returns {{ busy: boolean, fault: unknown, run: (work: () => Promise<unknown>) => Promise<void>, clear: () => void }}
 */
export function useWork() {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState(/** @type {unknown} */ (undefined));
  const run = async (/** @type {() => Promise<unknown>} */ work) => {
    setBusy(true);
    setFault(undefined);
    try {
      await work();
    } catch (problem) {
      setFault(problem);
    } finally {
      setBusy(false);
    }
  };
  return { busy, fault, run, clear: () => setFault(undefined) };
}

export { moment } from "./words/speech.js";

/** A code that leads to its entry on the page of codes. @param {{ code: string }} properties */
export const Code = ({ code }) => html`<a href=${`/codes/#${code}`} target="_blank" rel="noreferrer"><code>${code}</code></a>`;

/** @param {{ fault: unknown }} properties */
export function Trouble({ fault }) {
  if (!fault) return html`<div role="alert"></div>`;
  const faults = fault instanceof Refused ? fault.faults : [];
  const code = fault instanceof Refused ? (fault.faults[0]?.code ?? fault.code) : "";
  return html`<div role="alert" class="notice bad">
    ${faults.length > 0 ? faults.map((one) => html`<p><code>${one.path}</code> ${inWords(one)}</p>`) : html`<p>${sentenceOf(fault)}</p>`}
    ${code && html`<p class="note">${sayWith("fault.code", { code: html`<${Code} code=${code} />` })}</p>`}
  </div>`;
}

/** Copies a text, and says on its button for a moment how that went. @param {string} text */
export function useCopy(text) {
  const [state, setState] = useState(/** @type {"copy.do" | "copy.done" | "copy.failed"} */ ("copy.do"));
  const copy = async () => {
    await navigator.clipboard.writeText(text).then(() => setState("copy.done"), () => setState("copy.failed"));
    setTimeout(setState, 2000, "copy.do");
  };
  return { word: say(state), copy };
}

/** @param {{ label: string, value: string, note?: string }} properties */
export function Copied({ label, value, note }) {
  const { word, copy } = useCopy(value);
  return html`<div class="field"><span>${label}</span>
    <div class="copied"><code>${value}</code><button type="button" onClick=${copy} aria-label=${say("copy.what", { word, what: label })}>${word}</button></div>
    ${note && html`<span class="note">${note}</span>`}</div>`;
}

/**
 * @param {{ label: string, value: string, onInput: (value: string) => void, note?: string, fault?: unknown, type?: string, choices?: [string, string][], rows?: number, placeholder?: string, required?: boolean, autofocus?: boolean }} properties
 */
export function Field({ label, value, onInput, note, fault, type = "text", choices, rows, placeholder, required, autofocus }) {
  const [id] = useState(() => `f${Math.random().toString(36).slice(2)}`);
  const common = {
    id, value, placeholder, required, autofocus,
    "aria-invalid": fault ? "true" : undefined,
    "aria-describedby": fault || note ? `${id}-says` : undefined,
    onInput: (/** @type {any} */ event) => onInput(event.currentTarget.value),
  };
  const control = choices
    ? html`<select ...${common}>${choices.map(([name, says]) => html`<option value=${name} selected=${name === value}>${says}</option>`)}</select>`
    : rows
      ? html`<textarea ...${common} rows=${rows} spellcheck=${false}></textarea>`
      : html`<input ...${common} type=${type} autocomplete="off" spellcheck=${false} />`;
  return html`<div class="field"><label for=${id}><b>${label}</b></label>${control}
    ${(fault || note) && html`<span id=${`${id}-says`} class=${fault ? "fault" : "note"}>${fault ?? note}</span>`}</div>`;
}
