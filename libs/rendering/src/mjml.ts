import mjml2html from 'mjml';
import { invalidField } from '#kernel/errors.js';

/**
 * Compiles MJML to HTML: strictly, without includes, and without asking for anybody's web fonts.
 * @throws DomainError `invalid_input` about `template`, naming the line of the MJML, when it is not valid
 */
export async function compileMjml(mjml: string): Promise<string> {
  try {
    // MJML adds links to Google Fonts for every font of its list that it finds a mention of.
    const { html } = await mjml2html(mjml, { validationLevel: 'strict', fonts: {}, keepComments: false });
    // Its indentation is a third of the bytes, and Gmail cuts a mail off at 102 KB.
    // A style rule's dot keeps a blank before it, because a line with a dot at its start can't be sent as it is.
    return html.replace(/\s*\n\s*/g, '\n').replaceAll('\n.', '\n .');
  } catch (error) {
    const problems = (error as { errors?: { formattedMessage: string }[] }).errors;
    const message =
      problems?.map((problem) => problem.formattedMessage).join(' ') ?? (error as Error).message;
    throw invalidField('template', 'invalid_mjml', message);
  }
}
