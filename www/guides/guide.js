// What a guide does beside being read: snippets are copied, the language that was chosen is kept, and the reader's own names
// stand in the places of the words. Without this script everything can be read.

import "./copy.js";
import "./languages.js";
import "./filled.js";
