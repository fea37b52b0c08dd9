// Pieces that the console's views share: a button that works and says so, a fault, a text to copy, a field.

import { Refused } from "./api.js";
import { english, inWords, sentenceOf } from "./faults.js";
import { html, useEffect, useRef, useState } from "./html.js";
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

/** @param {{ fault: unknown, again?: () => void }} properties again: another try, where nothing on the page makes one */
export function Trouble({ fault, again }) {
  if (!fault) return html`<div role="alert"></div>`;
  const { faults, code, at = "" } = fault instanceof Refused ? fault : { faults: [], code: "" };
  return html`<div role="alert" class="notice bad">
    ${faults.length > 0 ? faults.map((each) => html`<p><code>${each.path}</code> ${inWords(each)} <${Code} code=${each.code} /></p>`) : html`<p>${at && html`<code>${at}</code> `}${sentenceOf(fault)}</p>${code && html`<p class="note">${sayWith("fault.code", { code: html`<${Code} code=${code} />` })}</p>`}`}
    ${again && html`<p><button type="button" onClick=${again}>${say("fault.again")}</button></p>`}
  </div>`;
}

/**
 * What a view needs before it can be shown: until then a word of patience, or what went wrong and another try.
 * @param {{ load: () => Promise<any>, show: (loaded: any, again: () => Promise<void>) => any }} properties
 */
export function Loaded({ load, show }) {
  const [loaded, setLoaded] = useState(/** @type {any} */ (undefined));
  const { fault, run } = useWork();
  const again = () => run(async () => setLoaded(await load()));
  useEffect(() => void again(), []);
  if (loaded === undefined && !fault) return html`<p class="soft" role="status">${say("wait.moment")}</p>`;
  return html`<${Trouble} fault=${fault} again=${again} />${loaded !== undefined && show(loaded, again)}`;
}

/** That something is saved, and what the service warns of in it. @param {{ says: string, warnings: { code: string, message: string }[] }} properties */
export const Saved = ({ says, warnings }) => html`<div class="notice good" role="status"><p>${says}</p>${warnings.map(({ code, message }) => html`<p><${Code} code=${code} /> ${english(message)}</p>`)}</div>`;

/** A question over the page, left by its answer, or by Escape without one. @param {{ label: string, onLeave: () => void, children?: any }} properties */
export function Question({ label, onLeave, children }) {
  const dialog = useRef(/** @type {any} */ (null));
  useEffect(() => {
    const { current } = dialog;
    current.showModal();
    // The focus goes back to where it was.
    return () => current.close();
  }, []);
  return html`<dialog ref=${dialog} aria-label=${label} onClose=${onLeave}>${children}</dialog>`;
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

/** @import { Said } from "./faults.js" */

/** @param {{ fault: Said, id?: string }} properties what is wrong with what stands in a field */
export const FieldFault = ({ fault, id }) => html`<span id=${id} class="fault">${typeof fault === "object" && "code" in fault ? html`${fault.says} <${Code} code=${fault.code} />` : fault}</span>`;

/**
 * @param {{ label: string, value: string, onInput: (value: string) => void, note?: string, fault?: Said, type?: string, choices?: [string, string][], rows?: number, placeholder?: string, required?: boolean, autofocus?: boolean }} properties
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
    ${fault ? html`<${FieldFault} fault=${fault} id=${`${id}-says`} />` : note && html`<span id=${`${id}-says`} class="note">${note}</span>`}</div>`;
}
