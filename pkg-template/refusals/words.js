// The sentences of the catalogue for refusals and warnings. Importing this file is enough.

import { catalogue } from "../catalogue.js";
import { useWords } from "./refusal.js";

useWords({ ...catalogue.codes, ...catalogue.warnings });
