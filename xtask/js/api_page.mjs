// The page of the API, made of its description: every call with its scope, parameters, body, answers and an example, and every
// schema, each with an anchor. It is HTML and nothing else. The libraries that render such a description in a browser were tried
// under the policy of our pages (November 2026): Redoc 2 (328 KB gzip) fails without inline styles; RapiDoc 9 (218 KB) needs
// them too, and fonts of another host; Swagger UI 5 works (487 KB with its style), but axe finds 149 texts without contrast, and
// its colours and headings are not those of our pages. This page is 31 KB and needs no script.

import { coloured, escaped } from "./snippets.mjs";

/** @typedef {any} Schema of JSON Schema 2020-12, as OpenAPI 3.1 has it */

/** Sentences of the description, with their `code`. @param {string} [text] */
const words = (text = "") => escaped(text).replaceAll(/`([^`]+)`/g, "<code>$1</code>");
/** @param {string} ref */
const nameOf = (ref) => ref.split("/").at(-1) ?? "";
/** @param {string} ref */
const link = (ref) => `<a href="#schema-${nameOf(ref)}">${nameOf(ref)}</a>`;

/** The type of a value in words, as HTML. @param {Schema} schema @returns {string} */
function typeOf(schema) {
  if (schema.$ref) return link(schema.$ref);
  if ("const" in schema) return `<code>${escaped(JSON.stringify(schema.const))}</code>`;
  if (schema.enum) return schema.enum.map((/** @type {unknown} */ value) => `<code>${escaped(JSON.stringify(value))}</code>`).join(" or ");
  if (schema.anyOf ?? schema.oneOf) return (schema.anyOf ?? schema.oneOf).map(typeOf).join(" or ");
  if (schema.type === "array") return `array of ${schema.items ? typeOf(schema.items) : "anything"}`;
  if (schema.type === "object" && !schema.properties && typeof schema.additionalProperties === "object") return `object: name → ${typeOf(schema.additionalProperties)}`;
  return schema.type ? [schema.type].flat().join(" or ") : "anything";
}

/** What a value is held to, beside its type. @param {Schema} schema */
const boundsOf = ({ pattern, minimum, maximum, minLength, maxLength, maxItems }) =>
  [pattern && `<code>${escaped(pattern)}</code>`, minimum !== undefined && `at least ${minimum}`, maximum !== undefined && `at most ${maximum}`, minLength && `${minLength} characters or more`, maxLength && `at most ${maxLength} characters`, maxItems && `at most ${maxItems} entries`].filter(Boolean).join(", ");

/** A row for each member, those of objects inside below them. @param {Schema} schema @param {string} [before] @returns {string[]} */
function rowsOf(schema, before = "") {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const inside = member.properties ? member : member.items?.properties ? member.items : undefined;
    const bounds = boundsOf(member);
    const says = [words(member.description), bounds && `<span class="note">${bounds}</span>`].filter(Boolean).join(" ");
    const row = `<tr><td><code>${escaped(before + name)}</code>${required.has(name) ? ' <span class="note">required</span>' : ""}</td><td>${inside && member.type === "array" ? "array of objects" : typeOf(member)}</td><td>${says}</td></tr>`;
    return [row, ...(inside ? rowsOf(inside, `${before}${name}${member.type === "array" ? "[]" : ""}.`) : [])];
  });
}

/** @param {string} label @param {string[]} rows @param {string} first */
const table = (label, rows, first = "Member") =>
  rows.length === 0 ? "" : `<div class="scroll" tabindex="0" role="group" aria-label="${label}"><table class="list"><thead><tr><th scope="col">${first}</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead><tbody>${rows.join("\n")}</tbody></table></div>`;

/** @param {Schema} schema @param {string} label */
const schemaBody = (schema, label) => (schema.properties ? table(label, rowsOf(schema)) : `<p>${typeOf(schema)}</p>`);

/** @param {unknown} value @param {string} label */
const example = (value, label) =>
  value === undefined ? "" : `<details><summary>Example</summary><pre tabindex="0" aria-label="${label}"><code>${typeof value === "string" ? escaped(value) : coloured(JSON.stringify(value, null, 2), "json", { places: false })}</code></pre></details>`;

/** @param {any} operation */
function callersOf({ security = [] }) {
  const kinds = security.map((/** @type {Record<string, string[]>} */ one) => {
    const [name, scopes] = Object.entries(one)[0] ?? [];
    if (name === "accessToken") return `an access token with the scope <code>${scopes?.join(" ")}</code>`;
    if (name === "session") return "a session at the console whose role has it";
    if (name === "connection") return "the session of the administrator’s link";
    if (name === "client") return "the client’s ID and secret";
    return "nobody in particular (in development)";
  });
  return kinds.length > 0 ? `<p class="note">With ${kinds.join(", or ")}.</p>` : "";
}

/** @param {string} path @param {string} method @param {any} operation */
function call(path, method, operation) {
  const { operationId: id, summary, parameters = [], requestBody, responses } = operation;
  const name = `${method.toUpperCase()} ${path}`;
  const places = parameters.map((/** @type {any} */ { name: parameter, in: where, required, description, schema }) =>
    `<tr><td><code>${parameter}</code>${required ? ' <span class="note">required</span>' : ""}</td><td>${typeOf(schema)}</td><td>${words(description)} <span class="note">in the ${where}${boundsOf(schema) && `, ${boundsOf(schema)}`}</span></td></tr>`);
  const [type, body] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const good = Object.entries(responses).filter(([, answer]) => !answer.$ref);
  const refused = Object.keys(responses).filter((status) => responses[status].$ref);
  const answers = good.map(([status, { description: says, content = {} }]) => {
    const [kind, { schema, example: shown } = /** @type {any} */ ({})] = Object.entries(content)[0] ?? [];
    return `<li><b>${status}</b> ${words(says)} ${kind ? `<code>${kind}</code> ` : ""}${schema ? typeOf(schema) : ""}${example(shown, `Answer of ${name}`)}</li>`;
  });
  return `<section class="call" aria-labelledby="${id}"><h3 id="${id}"><a href="#${id}"><code>${method.toUpperCase()} ${escaped(path)}</code></a></h3>
<p>${words(summary)}</p>
${callersOf(operation)}
${table(`Parameters of ${name}`, places, "Parameter")}
${body ? `<h4>Body <code>${type}</code></h4>${body.schema.$ref ? `<p>${typeOf(body.schema)}</p>` : schemaBody(body.schema, `Body of ${name}`)}${example(body.example, `Body of ${name}`)}` : ""}
<h4>Answers</h4><ul>${answers.join("\n")}${refused.length > 0 ? `<li>${refused.map((status) => `<b>${status}</b>`).join(", ")}: ${link("Problem")}</li>` : ""}</ul>
</section>`;
}

/** The content of the page. @param {any} description */
export function apiPage({ tags, paths, components, info }) {
  const calls = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));
  const groups = tags.map((/** @type {{ name: string, description: string }} */ { name, description }) => ({ name, description, own: calls.filter(({ operation }) => operation.tags.includes(name)) }));
  const contents = groups.map((/** @type {any} */ { name, own }) =>
    `<details><summary>${name} (${own.length})</summary><ul>${own.map((/** @type {any} */ { path, method, operation }) => `<li><a href="#${operation.operationId}"><code>${method.toUpperCase()} ${escaped(path)}</code></a></li>`).join("")}</ul></details>`);
  const sections = groups.map((/** @type {any} */ { name, description, own }) =>
    `<h2 id="${name}">${name}</h2><p>${words(description)}</p>\n${own.map((/** @type {any} */ one) => call(one.path, one.method, one.operation)).join("\n")}`);
  const schemas = Object.entries(components.schemas).map(([name, schema]) =>
    `<section class="call" aria-labelledby="schema-${name}"><h3 id="schema-${name}"><a href="#schema-${name}">${name}</a></h3>${schema.description ? `<p>${words(schema.description)}</p>` : ""}${schemaBody(schema, name)}</section>`);
  return `<p>${words(info.description)}</p>\n<nav aria-label="Calls">${contents.join("")}</nav>\n${sections.join("\n")}\n<h2 id="schemas">Schemas</h2>\n${schemas.join("\n")}`;
}
