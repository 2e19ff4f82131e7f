/** The word by which a reader asks to be left alone, in the languages of mail programs. */
const WORD =
  '(?:unsubscribe|un-subscribe|list-unsubscribe=one-click|opt[- ]?out|remove me|please remove|stop(?= ?$)|abmelden|abbestellen|austragen|newsletter abbestellen|désabonn(?:er|ement|ez-moi)|désinscri(?:re|ption)|desinscrire|se désabonner|cancelar (?:la )?suscripción|darme de baja|darse de baja|dar de baja|baja|cancelar (?:a )?(?:subscrição|inscrição|assinatura)|descadastrar|cancella(?:mi|zione)|disiscri(?:vi|viti|zione)|annulla (?:l.)?iscrizione|uitschrijven|afmelden|avsluta prenumeration|avregistrera|avprenumerera|afmeld|meld (?:meg )?av|avmeld|peruuta tilaus|wypisz|rezygnuję|anuluj subskrypcję|odhlásit|odhlásiť|leiratkozás|leiratkozom|dezabonare|отписаться|отписка|отпишите|відписатися|відписка|απεγγραφή|διαγραφή|abonelikten çık|üyelikten çık|配信停止|購読解除|登録解除|退会|退订|取消订阅|退訂|取消訂閱|수신 ?거부|구독 ?취소|إلغاء الاشتراك|הסר(?:ה)?|hủy đăng ký|ยกเลิกการสมัคร|berhenti berlangganan)';
const AS_SUBJECT = new RegExp(
  String.raw`^\W{0,4}(?:(?:re|aw|sv|fwd?|antw)\s?: ?){0,3}\W{0,3}${WORD}(?![\p{L}\p{N}])`,
  'iu',
);
const AS_FIRST_WORDS = new RegExp(String.raw`^\W{0,4}(?:please )?${WORD}(?![\p{L}\p{N}])[^\n]{0,60}$`, 'iu');

/** Whether a mail asks to end a subscription: by its subject or, when that says nothing, by its first line. */
export function isUnsubscribe(subject: string, text: string): boolean {
  if (AS_SUBJECT.test(subject)) return true;
  const first =
    text
      .split('\n', 20)
      .find((line) => line.trim() !== '')
      ?.trim() ?? '';
  return first.length <= 100 && !/^(?:>|--)/.test(first) && AS_FIRST_WORDS.test(first);
}
