/** Lines below which our own message follows: what is said there is said by us. */
const MARKS = [
  /^[\s>*#|]{0,12}[-=_*~+]{2,80}[ \t]*(?:(?:this (?:line|is (?:an? |the )?(?:copy|original|returned|headers?|first))|below|here|the|a|unsent|undelivered|enclosed|start of|begin|returned|original|included|forwarded|copy|message (?:header|text|content|included|follows)|no message was|mail text|your (?:original )?(?:mail|message)|beginning of)\b[^\n]{0,100})/i,
  /^[\s>*]{0,12}(?:original (?:message|mail|e-?mail)(?: headers?)?(?: follows?| as follows|\s*(?:attached|details?|headers?)?\s*[:.-]|$)|message text follows|included is a copy of|your (?:original )?message (?:reads|follows|text|begins|was:)|(?:below|here|following|this) (?:this line )?(?:is|are) (?:a |the )?(?:copy|headers?|first|original|your returned|contents?)|old message:|a copy of (?:the original|your) message|message headers? (?:follow|:)|the (?:attachment|attached file) contains the original|the headers? of (?:the|your) (?:original )?message|undelivered message(?: follows)?[:.]?$|----- ?original|returned message(?: follows)?:|mail (?:header|body) follows)/i,
  /^\s{0,8}\[?(?:ursprüngliche nachricht|message d'origine|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht|исходное сообщение|元のメッセージ|原始邮件|原始郵件|원본 메시지)/i,
  /^[+]{8,}/,
];
const FIELD =
  /^(?:received|return-path|message-id|from|to|subject|date|mime-version|content-type|x-[\w-]{2,40}|sender|reply-to|dkim-signature|list-[\w-]{2,20}|cc|delivered-to|content-transfer-encoding)[ \t]{0,4}:/i;
/** Only these tell a header section from a list of what a report is about. */
const TRACE = /^(?:received|return-path|message-id|mime-version|dkim-signature)[ \t]{0,4}:/i;

export interface SplitText {
  /** What the server says. */
  report: string[];
  /** What it returns. */
  returned: string;
}

/** Cuts the text of a report where the returned message begins. */
export function splitReturned(text: string, maxLines: number): SplitText {
  const lines = text.split('\n', maxLines);
  for (const [at, line] of lines.entries()) {
    const isMark = line.length < 300 && MARKS.some((pattern) => pattern.test(line));
    if ((isMark && !isReportHeading(line)) || beginsHeader(lines, at)) {
      return { report: lines.slice(0, at), returned: lines.slice(isMark ? at + 1 : at).join('\n') };
    }
  }
  return { report: lines, returned: '' };
}

/** `----- The following addresses had … -----` and the like open a list of recipients. */
function isReportHeading(line: string): boolean {
  return (
    /address|recipient|transcript|session|error|reason|failure|report/i.test(line) &&
    !/copy|header|follows\.? ?-|original/i.test(line)
  );
}

function beginsHeader(lines: readonly string[], at: number): boolean {
  if (!FIELD.test(lines[at] ?? '')) return false;
  let fields = 0;
  let traces = 0;
  for (const line of lines.slice(at, at + 30)) {
    if (/^[ \t]+\S/.test(line)) continue;
    if (FIELD.test(line)) fields++;
    else break;
    if (TRACE.test(line)) traces++;
  }
  return fields >= 3 && traces >= 1;
}
