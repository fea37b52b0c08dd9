// The attacks of the folder beside this file, one after the other in one world: what a reviewer with an account of their own, or a link,
// must not get.

import { readdir } from "node:fs/promises";
import { after, before } from "node:test";
import { AttackWorld } from "./attacks/world.mjs";

const folder = new URL("attacks/", import.meta.url);
const attacks = (await readdir(folder)).filter((name) => name !== "world.mjs").sort();
const modules = await Promise.all(attacks.map((name) => import(new URL(name, folder).href)));

/** @type {AttackWorld} */ let world;
before(async () => (world = await AttackWorld.start()));
after(() => world?.stop());

// The world stands when the first test runs, not when the tests are named.
const later = /** @type {AttackWorld} */ (new Proxy({}, { get: (_none, name) => {
  const value = Reflect.get(world, name);
  return typeof value === "function" ? value.bind(world) : value;
} }));
for (const { attack } of modules) attack(later);
