// The browser's own Back: one step back, as the button of the step goes, and out of the campaign from its first and its
// last screen. An entry of the history holds only how deep it lies, since the steps may be gone through more than once.

const depth = () => Number(history.state?.handstamp ?? 0);

/**
 * @param {{ back: () => boolean, forward: () => void }} steps back says whether there was a step to go back to
 * @returns {{ deeper: () => void }} to be called at each step forward
 */
export function openWayBack({ back, forward }) {
  let here = depth();
  addEventListener("popstate", () => {
    const [from, to] = [here, depth()];
    here = to;
    if (to > from) return forward();
    // Passed twice by the button of a step, or left behind by the thanks: nothing to see here.
    if (to < from && !back()) history.back();
  });
  return {
    deeper() {
      here += 1;
      history.pushState({ ...history.state, handstamp: here }, "");
    },
  };
}
