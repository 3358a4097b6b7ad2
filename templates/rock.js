// All scripts of a plate in one file, so that its first pictures come with few requests.
"use strict";

//= include "tiles.js"
//= include "wall.js"
//= include "save.js"
//= include "lists.js"
//= include "zip.js"
//= include "filters.js"
