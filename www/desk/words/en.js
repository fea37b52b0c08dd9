// The words of the console in English, by view: a new view has its own part at the end. Each key is in every language.

/** @typedef {keyof typeof en} Key */

/** @satisfies {Record<string, import("./speech.js").Word>} */
export const en = {
  // Every view
  "language.choose": "Language",
  "wait.moment": "One moment…",
  "copy.do": "Copy",
  "copy.done": "Copied",
  "copy.failed": "Mark and copy it",
  "copy.what": "{word} {what}",
  "fault.code": "Code {code}",
  "fault.lost": "The service could not be reached. Nothing is lost; try again.",
  "fault.page": "The page failed. Reload it; what was saved is kept.",
  "signin.out": "Sign out",
  "view.all": "Console",
  "view.token": "Secure token",
  "view.login": "Sign-in",
  "view.preview": "Preview",
  "view.statistics": "Statistics",
  "view.embed": "Embed",
  "view.refusals": "Refusals",
  "view.people": "People",
  "role.owner": "owner",
  "role.setup": "setup",
  "role.manager": "manager",
  "role.support": "support",

  // The way in
  "invitation.title": "Your invitation",
  "invitation.welcome": "Welcome, {name}",
  "invitation.text": "You are invited to the console of {account} as {role}. Your device makes a passkey now; you sign in with it from then on. There is no password.",
  "invitation.make": "Make my passkey",
  "invitation.used": "Have you made your passkey already? {link}.",
  "invitation.used.link": "Sign in with it",
  "signin.console": "Console of {account}",
  "signin.text": "Sign in with the passkey that you made when you were invited.",
  "signin.ended": "Your session has ended",
  "signin.ended.text": "Sign in again, and what you did is done. Nothing that you typed is lost.",
  "signin.passkey": "Sign in with a passkey",
  "signin.lost": "Lost your passkey, or no invitation yet? An owner of the account invites you, or the team that runs this service.",
  "passkey.none": "No passkey was used. Try again, and confirm what your device asks.",
  "passkey.unable": "This browser cannot use a passkey here. Use a browser of this year, over https.",
  "which.title": "Console",
  "which.account": "Account",
  "which.note": "Its name stands in the link of your invitation, behind /console/.",
  "which.go": "Continue",
};
