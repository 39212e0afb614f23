/** The style sheets of the form's page, ours last. */

import "bootstrap/dist/css/bootstrap.min.css";
import "choices.js/public/assets/styles/choices.css";
import "../shared/theme/tokens.css";
import "./theme.css";
