// One participant's way through the campaign: which step comes next, and what each button does.
// Admission (admission.js) and submission (submission.js) decide; this file only moves.

import { inLanguage, speaker } from "./texts.js";
import { appAround } from "./in_app.js";
import { exit, thanks } from "./steps/exit.js";
import { form } from "./steps/form.js";
import { intro } from "./steps/intro.js";
import { login } from "./steps/login.js";
import { questions } from "./steps/questions.js";
import { sorry } from "./steps/sorry.js";
import { admitter } from "./admission.js";
import { submitter } from "./submission.js";
import { openWayBack } from "./way_back.js";
import { pause, post } from "./api.js";
import { skeleton } from "./pictures.js";
import { PATIENCE_MS, profileAsker } from "./profile.js";
import { element } from "../shared/element.js";
import { under } from "../shared/under.js";

/** @typedef {import("./campaign.js").Campaign} Campaign */
/** @typedef {import("./session.js").Kept} Kept */

/**
 * What the steps may know and do.
 * @typedef {object} Play
 * @property {Campaign} campaign
 * @property {string} title
 * @property {import("./host/host.js").Host} host
 * @property {(key: string | string[], more?: Record<string, unknown>) => string} say
 * @property {() => Kept} kept
 * @property {(change: Partial<Kept>) => void} keep
 * @property {(change: Partial<Kept>) => void} type keeps what is being typed
 * @property {(step: import("./campaign.js").Step, question?: number) => void} go
 * @property {() => void} draw
 * @property {(refusal: import("./steps/sorry.js").Refusal) => void} refuse
 * @property {(ref?: string) => void} expire
 * @property {() => boolean} canSignIn
 * @property {(prompt?: "create") => Promise<void>} signIn
 * @property {() => Promise<void>} signInAsAnother
 * @property {() => boolean} mayBeGuest
 * @property {() => boolean} isIn whether the participant is past the sign-in
 * @property {() => boolean} known whether it is known who takes part; a guest is not
 * @property {() => boolean} isPrefilled
 * @property {() => void} begin
 * @property {(id: string, choice: string) => void} answer
 * @property {() => boolean} back
 * @property {() => number} progress how far along, counting every question and the form
 * @property {(recordedAt: string, score: import("./session.js").Score | null) => void} thank
 * @property {(form: Record<string, string>, optin: Record<string, boolean>, challenge?: string) => Promise<import("./submission.js").Refused | undefined>} submit
 * @property {() => Promise<void>} arrive
 * @property {() => Promise<void>} readmit
 * @property {(ticket: string) => Promise<void>} redeem takes the ticket of a sign-in that this frame began
 * @property {() => Promise<void>} enterAsGuest
 */

/**
 * @param {Campaign} campaign
 * @param {import("./session.js").Session} session
 * @param {import("./host/host.js").Host} host
 * @param {import("./screen.js").Screen} screen
 * @param {Record<string, string>} ours every word of ours, in the page's language
 */
export function createPlay(campaign, session, host, screen, ours) {
  const speak = speaker(campaign.lang, campaign.texts, ours);
  const count = campaign.questions.length;
  const canSignIn = () => campaign.signIn.includes("oauth");
  const mayBeGuest = () => campaign.signIn.includes("anonymous") && (!campaign.draft || session.kept.pass !== null);
  /** Only a preview has a pass before its sign-in. */
  const isIn = () => session.kept.pass !== null && (session.kept.technique !== "" || !canSignIn());

  /** What texts may name: the form as known so far, and the custom data of the admission. */
  const values = () => {
    const { admission, form: typed } = session.kept;
    return { form: { ...admission?.prefill?.form, ...typed }, custom: admission?.custom ?? {}, gift: admission?.gift ?? {} };
  };

  /** @param {Partial<Kept>} change */
  function keep(change) {
    Object.assign(session.kept, change);
    session.keep();
  }

  /** @param {Partial<Kept>} change */
  function type(change) {
    Object.assign(session.kept, change);
    session.keepSoon();
  }

  /** Whether a click or a key in this very frame led here: nobody else's page, script or link can make one. */
  const byGesture = () => navigator.userActivation?.isActive ?? false;

  /** @param {import("./campaign.js").Step} step @param {number} [question] */
  function go(step, question = 0) {
    keep({ step, question, gesture: byGesture() });
    draw();
  }

  /** Goes to the step after this one. */
  function goForward() {
    const { step, question } = session.kept;
    const number = step === "questions" ? question + 1 : 0;
    if (number < count) return go("questions", number);
    if (count > 0) arrived("questions", true);
    go("identityset");
  }

  /** Goes on, in a way that the browser's own Back undoes. */
  function goOn() {
    wayBack.deeper();
    goForward();
  }

  /** Goes to the step before; false where there is none to go to. */
  function goBack() {
    const { step, question } = session.kept;
    if (step === "intro" || step === "exit") return false;
    if (step === "questions" && question > 0) go("questions", question - 1);
    else if (step === "questions" || count === 0) go("intro");
    else go("questions", count - 1);
    return true;
  }

  const wayBack = openWayBack({
    back: goBack,
    forward() {
      const { step, question, answers } = session.kept;
      if (step === "intro" || (step === "questions" && under(answers, campaign.questions[question].id))) goForward();
    },
  });

  const askForProfile = profileAsker(() => play, session, host);

  /** What is on the screen. @type {import("./screen.js").View | undefined} */
  let shown;

  /** Shows a step; what is only tried out says so on each. @param {import("./screen.js").View} view */
  function show(view) {
    shown = view;
    screen.mark(session.kept.preview ? speak("preview") : "");
    screen.show(view);
  }

  /** @type {Set<string>} */
  const arrivedAt = new Set();

  /**
   * Tells the service that somebody came to a step, once; nothing waits for it.
   * @param {"questions" | "identityset"} step @param {boolean} [answered] the last question, too
   */
  function arrived(step, answered) {
    const reached = answered ? "answered" : step;
    if (arrivedAt.has(reached) || session.kept.preview) return;
    arrivedAt.add(reached);
    const { pass, technique } = session.kept;
    post("/v1/steps", { account: campaign.account, campaignId: campaign.campaignId, step, ...(answered && { answered }), ...(pass && technique && { technique }) });
  }

  /** Draws the step that is kept. */
  function draw() {
    const { step, question, pass } = session.kept;
    if (step === "questions" && campaign.questions[question]) {
      arrived("questions");
      return show(questions(play));
    }
    if (step === "exit") return show(exit(play));
    if (step !== "identityset" && step !== "questions") return show(intro(play));
    if (isIn()) return enterForm();
    if (!canSignIn()) return play.readmit();
    show(login(play));
    // In the browser of an app the way on may be a dead end: there the visitor reads that first. A preview has a way past it.
    if (campaign.login === "redirect" && !pass && appAround(navigator.userAgent) === null) signIn();
  }

  /** Enters the form, which waits a moment for the profile where that is still owed. */
  function enterForm() {
    arrived("identityset");
    const owed = askForProfile();
    if (!owed) return void showForm();
    show({ name: "loading", progress: play.progress(), content: [skeleton(), element("p", { className: "waiting", role: "status" }, play.say("loading"))] });
    const here = shown;
    const isHere = () => shown === here;
    /** @type {ReturnType<typeof form> | undefined} */
    let late;
    Promise.race([owed, pause(PATIENCE_MS)]).then((outcome) => {
      if (!isHere() || outcome === "gone") return;
      const view = showForm(outcome !== "filled");
      if (outcome === "failed") return view.tell(play.say("form.profile.none"));
      if (outcome !== "filled") late = view;
    });
    owed.then((outcome) => {
      if (!late || shown !== late) return;
      if (outcome === "failed") return late.tell(play.say("form.profile.none"));
      if (outcome !== "filled") return;
      late.fill(session.kept.admission.prefill);
      tellPrefilled();
    });
  }

  /** Tells the host which fields are filled in. */
  function tellPrefilled() {
    const { form: filled, locked } = session.kept.admission.prefill;
    if (Object.keys(filled).length > 0) host.event("prefilled", { fields: Object.keys(filled), locked });
  }

  /** @param {boolean} [isPartial] whether more may come: then the participant sends the form */
  function showForm(isPartial = false) {
    const view = form(play);
    tellPrefilled();
    show(view);
    if (isPartial || campaign.form !== "submit" || !view.mayGoUnseen || !session.kept.gesture) return view;
    // Once: what the service does not take is the participant's to send.
    keep({ gesture: false });
    view.send();
    return view;
  }

  /** Shows a refusal; the step and the answers stay kept. @param {import("./steps/sorry.js").Refusal} refusal */
  function refuse(refusal) {
    const { kind, reason, ref } = refusal;
    if (kind === "error") host.event("error", { code: reason, ref });
    else if (reason !== "expired") host.event("refused", { kind, reason, ref });
    show(sorry(play, refusal));
  }

  /** Ends a pass that no longer counts: the host, or the participant, says again who it is. @param {string} [ref] */
  function expire(ref) {
    host.event("expired", { ref });
    keep({ pass: null });
    refuse({ kind: "token", reason: "expired", ref, again: play.readmit });
  }

  /**
   * Leaves for the login page, with everything kept to come back to.
   * @param {"login" | "create"} [prompt] login: asks who it is even if the login page knows somebody; create: makes an account first
   */
  async function signIn(prompt) {
    // The identity provider knows what is published, and its secrets are for that alone.
    if (campaign.draft) return show(login(play, "login.draft"));
    const popup = openPopup?.(campaign) ?? null;
    if (session.kept.step !== "exit") keep({ step: "identityset", gesture: byGesture() });
    const { preview } = session.kept;
    const place = await host.place();
    // A window of our own: its storage and the flow cookie are enough.
    if (!place) return host.login("identityset", { prompt, preview });
    let answer = await session.draft(place);
    if (answer.status === 200 && !session.bindHolds) answer = await session.draft(place);
    if (answer.status !== 200) {
      popup?.close();
      return refuse({ kind: "error", reason: "try_again", ref: answer.body.ref, again: () => signIn(prompt) });
    }
    let isHeld = session.bindHolds;
    if (!isHeld) {
      // The proof cookie does not come back: the script holds the proof, or the login ends in our own window.
      answer = await session.draft(place, true);
      isHeld = session.keepProof(answer.body.proof);
    }
    const { bind } = answer.body;
    if (popup && isHeld) return signInBy(popup, { step: "identityset", lang: campaign.lang, bind, ...(prompt && { prompt }), ...(preview && { preview: "1" }) });
    popup?.close();
    host.login("identityset", { ...(isHeld && { bind, returnIndex: campaign.origins.indexOf(host.origin) }), prompt, preview });
  }

  /**
   * Opens a window to sign in, where the campaign does so and stands in a page; once that did not work, the page itself leaves.
   * @type {((campaign: Campaign) => import("./popup/opener.js").Popup | null) | undefined}
   */
  let openPopup;
  if (campaign.login === "popup" && host.origin && canSignIn()) import("./popup/opener.js").then((module) => (openPopup = module.openPopup), () => {});

  /** @param {import("./popup/opener.js").Popup} popup @param {Record<string, string>} query */
  async function signInBy(popup, query) {
    host.event("login");
    show(login(play, "login.popup.waiting"));
    const waiting = shown;
    const ticket = await popup.start(query);
    if (ticket) return play.redeem(ticket);
    openPopup = undefined;
    if (shown === waiting) show(login(play, "login.popup.closed"));
  }

  /** For the wrong person: the answers stay, what that person filled in does not. */
  async function signInAsAnother() {
    // The person of a preview is nobody, and its pass the way past the sign-in.
    keep({ form: {}, optin: {}, ...(session.kept.source !== "preview" && { admission: null, pass: null }) });
    return signIn("login");
  }

  /** @type {Play} */
  const play = {
    campaign,
    title: inLanguage(campaign.title, campaign.lang),
    host,
    say: (key, more) => speak(key, { ...values(), ...more }),
    kept: () => session.kept,
    keep,
    type,
    go,
    draw,
    refuse,
    expire,
    canSignIn,
    mayBeGuest,
    signIn: (prompt) => signIn(prompt === "create" ? prompt : undefined),
    signInAsAnother,
    isIn,
    known: () => isIn() && session.kept.technique !== "anonymous",
    isPrefilled: () => Object.keys(session.kept.admission?.prefill?.form ?? {}).length > 0,
    begin: goOn,
    answer(id, choice) {
      keep({ answers: { ...session.kept.answers, [id]: choice } });
      goOn();
    },
    back: goBack,
    progress() {
      const { step, question } = session.kept;
      return (step === "questions" ? question + 1 : count + 1) / (count + 2);
    },
    thank(recordedAt, score) {
      const { admission } = session.kept;
      // The words stay, as they stand on the screen; of the person, nothing does: the next one may have the same device.
      keep({ recordedAt, score, thanks: thanks(play), pass: null, form: {}, optin: {}, admission: admission && { subject: admission.subject } });
      go("exit");
    },
    submit: submitter(() => play, session, host),
    ...admitter(() => play, campaign, session, host),
  };
  return play;
}
