// A campaign as a React component. Mounted twice, as StrictMode does, it shows once and leaves nothing behind.
import { useEffect, useRef } from "react";
import { create } from "handstamp/tag";

/** @param {{ account: string, campaign: string, base: string, token?: string | (() => Promise<string>), onEvent?: (event: CustomEvent) => void }} props */
export function Campaign({ account, campaign, base, token, onEvent }) {
  const box = useRef(null);
  const latest = useRef({ token, onEvent });
  latest.current = { token, onEvent };

  useEffect(() => {
    const tell = (event) => latest.current.onEvent?.(event);
    const names = ["ready", "admitted", "refused", "submitted", "expired", "error"].map((name) => `handstamp:${name}`);
    names.forEach((name) => box.current.addEventListener(name, tell));
    const shown = create(box.current, { account, campaign, base, token: latest.current.token });
    return () => shown.destroy();
  }, [account, campaign, base]);

  return <div ref={box} />;
}
