// All scripts of the page of a picture in one, since there are as many pages as pictures.
// @import "keys.js";
// @import "image.js";
// @import "compare.js";
