// All scripts of the page of a picture in one file, because there are as many pages as pictures.
"use strict";

//= include "keys.js"
//= include "image.js"
//= include "compare.js"
//= include "place.js"
//= include "ground.js"
