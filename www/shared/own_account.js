// The account whose console was open last, or that was typed in a guide: the guides are filled in for it.

const KEY = "handstamp-guides";

/** Returns the name that was kept, or "". */
export function keptAccount() {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

/** Keeps a name for the guides; a browser may refuse to keep anything, and the reader then types it. @param {string} account */
export function keepAccount(account) {
  try {
    localStorage.setItem(KEY, account);
  } catch {}
}
