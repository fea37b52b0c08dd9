/*
 * The stub: what a page or a tag manager pastes, in ES5. It waits up to ten seconds for the container, keeps its
 * place, loads the tag (after consent, where the container asks for that), and says so when it cannot.
 * It reads the container's attributes and needs no document.currentScript.
 */
(function (base) {
  var tries = 0;
  var box, agreed, made;

  function queue(name) {
    queue.q.push(arguments);
    if (name == "consent") look((agreed = 1));
  }
  queue.q = [];
  window.handstamp = window.handstamp || queue;

  function make(name, path) {
    made = document.createElement(name);
    made.href = made.src = base + path;
    box.appendChild(made);
  }

  // No container; or no tag: blocked, replaced by something empty, never answered. A link leads on all the same.
  function fail() {
    if ((made && !made.onerror) || handstamp != queue) return;
    if (made) {
      make("a", "/campaign/" + box.dataset.handstampAccount + "/" + box.dataset.handstampCampaign);
      made.innerText = "Campaign";
    }
    document.dispatchEvent(new CustomEvent("handstamp:error", { detail: { code: made ? "E_BLOCKED" : "E_TARGET" } }));
  }

  function look() {
    box = document.querySelector("[data-handstamp-campaign]");
    if (box) {
      box.style.minHeight = (box.dataset.handstampHeight || 640) + "px";
      if (!made && (agreed || !box.dataset.handstampConsent)) {
        make("script", "/tag.js");
        made.onerror = fail;
        setTimeout(fail, 9e3);
      }
    } else setTimeout(tries++ < 99 ? look : fail, 99);
  }
  look();
})("https://campaigns.example");
