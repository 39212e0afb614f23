/** The look of the editor, by the interface's own measures and colours. */

import { EditorView } from "@codemirror/view";

export const theme = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "transparent", fontSize: "13px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-code), var(--font)", lineHeight: "20px", maxHeight: "var(--rule-height, 240px)", overflow: "auto" },
  ".cm-content": { padding: "6px 0", minHeight: "var(--rule-least, 32px)", boxSizing: "border-box", caretColor: "var(--accent)" },
  ".cm-line": { padding: "0 10px 0 26px", textIndent: "-16px" }, // what wraps stands further in
  ".cm-placeholder": { maxWidth: "100%", height: "20px", color: "var(--ink-4)", fontFamily: "var(--font)", textIndent: "0", whiteSpace: "nowrap", overflow: "hidden", textOverflow: "ellipsis" },
  ".cm-cursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--accent-soft)" },
  ".cm-nonmatchingBracket, &.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--danger-soft)", color: "var(--danger)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--danger)", textUnderlineOffset: "3px" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--warning)", textUnderlineOffset: "3px" },
  ".cm-lintPoint:after": { borderBottomColor: "var(--danger)" },
  ".cm-tooltip": { border: "1px solid var(--line)", borderRadius: "var(--corner)", backgroundColor: "var(--paper)", boxShadow: "var(--shadow)", zIndex: "3000" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--font-code), var(--font)", maxHeight: "288px", minWidth: "260px", maxWidth: "min(520px, 90vw)", padding: "4px 0" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { display: "flex", alignItems: "center", gap: "8px", padding: "0 12px 0 8px", lineHeight: "26px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent-soft)", color: "var(--ink)" },
  ".cm-completionLabel": { flexShrink: "0", maxWidth: "320px", overflow: "hidden", textOverflow: "ellipsis" },
  ".cm-completionDetail": { marginLeft: "auto", paddingLeft: "12px", color: "var(--ink-3)", fontFamily: "var(--font)", fontStyle: "normal", overflow: "hidden", textOverflow: "ellipsis" },
  ".cm-completionIcon": { width: "18px", padding: "0", fontSize: "12px", textAlign: "center", opacity: "1", color: "var(--ink-4)" },
  ".cm-completionIcon-field:after": { content: "'\u25a4'", color: "var(--accent)" },
  ".cm-completionIcon-records:after": { content: "'\u25a6'", color: "var(--accent)" },
  ".cm-completionIcon-function:after": { content: "'\u0192'", color: "var(--code-function)" },
  ".cm-completionIcon-value:after": { content: "'\u201d'", color: "var(--code-text)" },
  ".cm-completionIcon-word:after, .cm-completionIcon-operator:after": { content: "'\u00b7'" },
  ".cm-completionInfo": { maxWidth: "340px", padding: "8px 12px", fontFamily: "var(--font)", fontSize: "13px", lineHeight: "20px" },
  ".cm-completionInfo p, .cm-tooltip-lint p": { margin: "0" },
  ".cm-completionInfo code": { display: "block", marginBottom: "4px", color: "var(--code-function)", fontFamily: "var(--font-code)" },
  ".cm-completionInfo .example": { margin: "4px 0 0", color: "var(--ink-3)", fontFamily: "var(--font-code)", fontSize: "12px" },
  ".cm-diagnostic": { padding: "6px 10px", borderLeft: "3px solid var(--danger)", fontFamily: "var(--font)", fontSize: "13px", lineHeight: "20px", maxWidth: "420px", whiteSpace: "pre-wrap" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warning)" },
  ".cm-diagnosticAction": { border: "1px solid var(--line-strong)", borderRadius: "var(--corner)", backgroundColor: "var(--paper)", color: "var(--accent)", padding: "0 8px", font: "inherit", cursor: "pointer" },
});
