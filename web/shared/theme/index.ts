/** The look of every page; import it once, before any component. */

import "./tokens.css";
import "./base.css";
import "./element.css";
import "./print.css";
