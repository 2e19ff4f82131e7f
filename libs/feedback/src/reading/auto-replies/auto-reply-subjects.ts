/** What holiday notes and answers of machines begin with, in the languages of the mail programs that write them. */
export const AUTO_REPLY_SUBJECT = new RegExp(
  [
    // English
    String.raw`^\W{0,4}(?:re: ?)?(?:auto(?:matic(?:ally generated)?)?[- ]?(?:reply|response|responder|answer|generated (?:reply|response|message))|autoreply|autoresponse|autorespond|auto ?:|auto reply|vacation|holiday|away|ooo\b|oof\b|absence)`,
    String.raw`\bout[- ]of[- ](?:the[- ])?office\b|\bon (?:vacation|holiday|annual leave|maternity leave|parental leave|leave until)\b|\bam away\b|\baway from (?:my |the )?(?:office|mail|desk|email)|\bout of office\b|vacation (?:reply|message|notice|response)|\bautomat(?:ic|ed) (?:reply|response|answer)\b|\bautoreply\b|\bauto[- ](?:reply|response)\b`,
    String.raw`no longer (?:with|at|works?|working|employed|here)|has left the (?:company|organi[sz]ation)|left the company|(?:changed|change of|new) (?:my )?e-?mail address|e-?mail address (?:has )?changed|address no longer in use`,
    // German
    String.raw`abwesenheit|automatische antwort|autom\. antwort|auto-antwort|bin (?:nicht im (?:büro|haus)|im urlaub|abwesend)|abwesend|nicht im (?:büro|haus)|urlaub|nicht mehr (?:im unternehmen|aktiv|gültig)|eingangsbestätigung`,
    // French
    String.raw`réponse automatique|r.ponse automatique|absence du bureau|absent(?:e)? du bureau|message d.absence|en congé|(?:je suis )?absente?\b|je suis absent|accusé de réception`,
    // Spanish, Catalan
    String.raw`respuesta autom[aá]tica|fuera de (?:la )?oficina|de vacaciones|ausente|ausencia|resposta automàtica|contestación automática`,
    // Portuguese
    String.raw`resposta autom[aá]tica|fora do escrit[oó]rio|ausência|ausente|de férias`,
    // Italian
    String.raw`risposta automatica|fuori (?:sede|ufficio)|assenza|assente|in ferie|messaggio automatico`,
    // Dutch
    String.raw`automatisch antwoord|afwezig|niet aanwezig|buiten kantoor|automatische (?:beantwoording|reactie)|met vakantie`,
    // Nordic
    String.raw`autosvar|automatiskt? svar|frånvaro|fravær|ikke på kontoret|semester|poissa|automaattinen (?:vastaus|poissaoloviesti)|poissaolo|sjálfvirkt svar`,
    // Slavic
    String.raw`automatyczna odpowied|odpowied. automatyczna|autoodpowied|poza biurem|nieobecno|urlop|automatick[aá] odpov|nepřítomn|neprítomn|автоответ|автоматическ(?:ий|ая) ответ|автоматична відповідь|отсутств|в отпуске|відпустк|automatski odgovor|samodejni odgovor|одсутан|автоматичен отговор`,
    // Others in Europe
    String.raw`automatikus válasz|házon kívül|szabadság|răspuns automat|absent din birou|αυτόματη απάντηση|εκτός γραφείου|otomatik yanıt|ofis dışında|automaatvastus|automātiska atbilde|automatinis atsakym`,
    // Asia and the Near East
    String.raw`自動返信|自動応答|不在(?:通知|連絡|のお知らせ)?|休暇|自动回复|自動回覆|自动答复|外出|不在办公室|休假|자동 ?(?:회신|응답)|부재|trả lời tự động|ตอบกลับอัตโนมัติ|balasan otomatis|jawapan automatik|رد تلقائي|خارج المكتب|תשובה אוטומטית|מענה אוטומטי|स्वचालित`,
    // Challenges
    String.raw`\b(?:please )?(?:confirm|verify|verification|authenticate) (?:your|that you|you are|sender|e-?mail|message)\b.{0,60}\b(?:sent|delivered|message|e-?mail|human|sender)|verify#|\[spamarrest|boxbe|sender (?:verification|address verification|authentication)|challenge[- ]response|confirm your message|your (?:message|e-?mail) (?:is|requires|awaits|has been) (?:being )?(?:held|verification|approval|quarantined|awaiting)|awaiting (?:your )?(?:confirmation|verification|approval)|choicemail|mailblocks|action required.{0,20}deliver|spam ?cop.{0,20}challenge|[qk]nockmail|bluebottle|antispam.{0,20}confirm`,
    // Receipts of tickets and forms
    String.raw`^\W{0,2}(?:re: ?)?\[?(?:ticket|case|request|incident|anfrage|vorgang|dossier|caso|solicitud|chamado)\b.{0,12}[#№n:\[(]?\s?\w{0,6}\d{2,}|\b(?:ticket|request|case|enquiry|inquiry) (?:has been )?(?:received|created|opened|submitted|logged)\b|we(?:'ve| have)? received your|thank(?:s| you) for (?:your (?:e-?mail|message|enquiry|inquiry|interest|feedback)|contacting|writing)|acknowledg(?:e)?ment|received your (?:message|e-?mail|request)|^(?:read|gelesen|lu|leído|letto|lida|прочитано|既読|已读|已讀)\s?[:：]|^(?:not read|ungelesen gelöscht)|return receipt \(displayed\)`,
  ].join('|'),
  'iu',
);
/** What the first lines of such notes say. */
export const AUTO_REPLY_WORDS =
  /\bout of (?:the )?office\b|\bon (?:vacation|holiday|annual leave|maternity leave|parental leave)\b|\bi (?:am|will be) (?:currently )?(?:away|out of|on leave|travell?ing)|limited access to (?:my )?e-?mail|(?:i|he|she|who) (?:have |has )?(?:left|no longer works? (?:for|at|here))|no longer (?:employed|with|working) |this is an automat(?:ic|ed) (?:reply|response|answer|acknowledgement)|automatische antwort|nicht im (?:büro|haus)|im urlaub|bis zum .{1,20} abwesend|absent(?:e)? (?:du bureau|jusqu)|en congé|respuesta automática|fuera de la oficina|resposta automática|risposta automatica|in ferie|automatisch antwoord|autosvar|автоответ|в отпуске|自動返信|自动回复|to (?:complete|verify|confirm) .{0,60}(?:deliver|message|sender|e-?mail)|(?:click|visit|follow|reply to) .{0,80}(?:to (?:prove|verify|confirm|deliver)|be (?:delivered|added))/iu;
