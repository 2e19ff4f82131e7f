import type { EditionKind } from '../edition/edition-scope.js';
import type { PublicationView } from '../template/views.js';

/** A template that is to be tried out before it is stored. */
export interface TemplateTrial {
  /** The name of one of ours, or MJML with Liquid. */
  template: string;
  locale: string;
  publication: PublicationView;
  /** What to call it in an error: `templates.de`. */
  field: string;
  /** Of the editions it is for. */
  kind: EditionKind;
}
