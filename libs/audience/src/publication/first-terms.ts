/**
 * The terms a publication starts with, in Markdown. Short and true of what this software does; the operator replaces
 * them by publishing a version of their own.
 * @param name the publication's name
 */
export function firstTerms(name: string): Record<string, string> {
  return {
    en: `# Terms of the newsletter

**What you get.** ${name} sends you its newsletter by e-mail: the articles of the digests and topics you chose, as often as you chose. Nothing else, and we pass your address to nobody for advertising.

**How to leave.** Every mail has an unsubscribe link. One click on it ends the mails at once; you need no password and no reason. With the link beside it you can change what you get.

**What we keep.** Your e-mail address, what you chose, and which mails were sent to you. As proof that you agreed we keep when and on which page you did so, the sentence you saw, this text, and your IP address and browser. You may ask us at any time what we hold about you, and have it corrected or erased; after an erasure only a record remains that no longer shows your address.
`,
    de: `# Bedingungen des Newsletters

**Was Sie bekommen.** ${name} schickt Ihnen den Newsletter per E-Mail: die Artikel der Ausgaben und Themen, die Sie gewählt haben, so oft, wie Sie es gewählt haben. Sonst nichts, und Ihre Adresse geben wir niemandem für Werbung.

**Wie Sie aufhören.** In jeder Mail steht ein Abmeldelink. Ein Klick darauf beendet die Mails sofort, ohne Passwort und ohne Begründung. Mit dem Link daneben ändern Sie, was Sie bekommen.

**Was wir speichern.** Ihre E-Mail-Adresse, Ihre Auswahl und welche Mails an Sie gingen. Als Nachweis Ihrer Zustimmung speichern wir, wann und auf welcher Seite Sie zugestimmt haben, den Satz, den Sie gesehen haben, diesen Text sowie Ihre IP-Adresse und Ihren Browser. Sie können jederzeit erfahren, was wir über Sie gespeichert haben, und es berichtigen oder löschen lassen; nach einer Löschung bleibt nur ein Eintrag, der Ihre Adresse nicht mehr zeigt.
`,
    fr: `# Conditions de la lettre d’information

**Ce que vous recevez.** ${name} vous envoie sa lettre par e-mail : les articles des éditions et des thèmes que vous avez choisis, à la fréquence que vous avez choisie. Rien d’autre, et nous ne donnons votre adresse à personne pour de la publicité.

**Comment partir.** Chaque message contient un lien de désinscription. Un clic met fin aux envois aussitôt, sans mot de passe ni raison à donner. Le lien voisin permet de changer ce que vous recevez.

**Ce que nous conservons.** Votre adresse e-mail, vos choix et les messages qui vous ont été envoyés. Comme preuve de votre accord, nous conservons la date et la page où vous l’avez donné, la phrase que vous avez vue, ce texte, ainsi que votre adresse IP et votre navigateur. Vous pouvez à tout moment demander ce que nous savons de vous, le faire corriger ou effacer ; après un effacement, il ne reste qu’une trace qui ne montre plus votre adresse.
`,
    es: `# Condiciones del boletín

**Qué recibe.** ${name} le envía su boletín por correo electrónico: los artículos de las ediciones y los temas que ha elegido, con la frecuencia que ha elegido. Nada más, y no damos su dirección a nadie para publicidad.

**Cómo darse de baja.** Cada mensaje lleva un enlace de baja. Un clic termina los envíos al momento, sin contraseña y sin dar razones. Con el enlace de al lado puede cambiar lo que recibe.

**Qué guardamos.** Su dirección de correo, lo que ha elegido y qué mensajes se le enviaron. Como prueba de su consentimiento guardamos cuándo y en qué página lo dio, la frase que vio, este texto, y su dirección IP y su navegador. Puede pedir en todo momento lo que tenemos sobre usted y hacer que se corrija o se borre; después de borrarlo solo queda un registro que ya no muestra su dirección.
`,
    ar: `# شروط النشرة البريدية

**ما الذي يصلك.** ترسل إليك ${name} نشرتها بالبريد الإلكتروني: مقالات الأعداد والموضوعات التي اخترتها، وبالوتيرة التي اخترتها. لا شيء غير ذلك، ولا نعطي عنوانك لأحد لأغراض الإعلان.

**كيف تغادر.** في كل رسالة رابط لإلغاء الاشتراك. نقرة واحدة عليه توقف الرسائل فورًا، بلا كلمة مرور وبلا ذكر سبب. وبالرابط المجاور له يمكنك تغيير ما يصلك.

**ما الذي نحتفظ به.** عنوان بريدك الإلكتروني، وما اخترته، والرسائل التي أُرسلت إليك. وإثباتًا لموافقتك نحتفظ بوقتها وبالصفحة التي تمت فيها، وبالجملة التي رأيتها، وبهذا النص، وبعنوان IP الخاص بك ومتصفحك. يمكنك في أي وقت أن تطلب معرفة ما نحتفظ به عنك وأن تطلب تصحيحه أو محوه؛ وبعد المحو لا يبقى سوى سجل لا يُظهر عنوانك.
`,
  };
}
