// workerd: a worker that prepares a case's contenders and runs one of them so often as a request says. Its clock
// stands still while it computes, so the time is taken outside.

import * as handstamp from "handstamp";
import { contenders } from "./contenders.js";

let all = [];

export default {
  async fetch(request) {
    const { searchParams, pathname } = new URL(request.url);
    if (pathname === "/prepare") {
      all = await contenders(handstamp, await request.json());
      return Response.json(all.map(({ name }) => name));
    }
    const { sync, run } = all[Number(searchParams.get("contender"))] ?? { run: () => {} };
    const count = Number(searchParams.get("count"));
    if (sync) for (let turn = 0; turn < count; turn++) run();
    else for (let turn = 0; turn < count; turn++) await run();
    return new Response("done");
  },
};
