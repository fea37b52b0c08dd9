// The sections of the editor, and the settings of each. What is not here is set elsewhere: ways to sign in under their own tabs,
// a mapping beside the field that it fills, and whether a campaign is put away in the list.

export const SECTIONS = [
  { name: "basics", members: ["title", "languages", "starts", "ends", "timeZone"] },
  { name: "entry", members: ["signIn", "login"] },
  { name: "questions", members: ["questions"] },
  { name: "form", members: ["fields", "optins", "form"] },
  { name: "limits", members: ["limit", "cap", "limits"] },
  { name: "look", members: ["brand"] },
  { name: "texts", members: ["texts", "exit"] },
  { name: "data", members: ["record", "retentionDays"] },
];
/** Settings that the editor leaves to other views. */
export const ELSEWHERE = ["archived", "oauth", "profileApi", "mapping"];

/** The section of a place. @param {string} pointer */
export const sectionOf = (pointer) => SECTIONS.find(({ members }) => members.includes(pointer.split("/")[1]))?.name ?? SECTIONS[0].name;
