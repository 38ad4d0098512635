// What every page may need.
import "./app.js";
import "./busy.js";
import "./copy.js";
import "./drop.js";
import "./keep.js";
import "./print.js";
