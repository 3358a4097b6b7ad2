// Both scripts of a plate in one, so that its first pictures come with few requests.
"use strict";

import "./wall.js";
import "./filters.js";
