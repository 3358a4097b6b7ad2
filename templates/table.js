// The light table: pinned pictures side by side.
"use strict";

//= include "keys.js"
//= include "load.js"
//= include "save.js"
//= include "lists.js"
//= include "zip.js"
//= include "apart.js"
//= include "lights.js"
