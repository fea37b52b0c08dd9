// Browsers inside other apps. Login servers refuse some of them (Google: disallowed_useragent), because the app
// around could read what is typed; the visitor is told before, and what to do.

/** Words of a user agent, and the app they belong to. @type {[RegExp, string][]} */
const APPS = [
  [/\bInstagram\b/, "Instagram"],
  [/\bFBAN\b|\bFBAV\b|\bFB_IAB\b/, "Facebook"],
  [/\bBytedanceWebview\b|musical_ly|\bTikTok\b/, "TikTok"],
  [/\bLinkedInApp\b/, "LinkedIn"],
  [/\bPinterest\//, "Pinterest"],
  [/\bSnapchat\b/, "Snapchat"],
  [/\bLine\//, "LINE"],
  [/\bMicroMessenger\b/, "WeChat"],
];

/** The system's web view in any other app: Android says so itself, on iOS it lacks Safari's own word. */
const WEB_VIEW = /; wv\)|(?:iPhone|iPad|iPod)(?=.*AppleWebKit)(?!.*Safari\/)/;

/**
 * The app around this browser.
 * @param {string} userAgent
 * @returns {string | null} its name, "" where it does not say, null in a browser of its own
 */
export function appAround(userAgent) {
  const known = APPS.find(([words]) => words.test(userAgent));
  if (known) return known[1];
  return WEB_VIEW.test(userAgent) ? "" : null;
}
