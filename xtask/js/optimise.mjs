// Makes a module smaller by binaryen's wasm-opt: `node optimise.mjs <from> <to>`.
import { readFileSync, writeFileSync } from "node:fs";
import binaryen from "binaryen";

const [from = "", to = ""] = process.argv.slice(2);
const module = binaryen.readBinary(new Uint8Array(readFileSync(from)));
// By name, never all: what hosts of ten years' standing know, and what rustc emits (performance of newer ones is unknown).
const { BulkMemory, BulkMemoryOpt, MutableGlobals, NontrappingFPToInt, SignExt } = binaryen.Features;
module.setFeatures(BulkMemory | BulkMemoryOpt | MutableGlobals | NontrappingFPToInt | SignExt);
binaryen.setOptimizeLevel(2);
binaryen.setShrinkLevel(2);
binaryen.setDebugInfo(false);
module.optimize();
module.optimize();
module.runPasses(["reorder-functions", "strip-debug", "strip-producers", "strip-target-features"]);
writeFileSync(to, module.emitBinary());
