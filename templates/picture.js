// All scripts of the page of a picture in one file, since there are as many pages as pictures.
"use strict";

import "./keys.js";
import "./image.js";
import "./compare.js";
