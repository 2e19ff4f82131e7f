const TEMPLATE_NAME = /^[a-z][a-z0-9-]*$/;

/** Tells whether a template is the name of one of ours, not source. */
export function isTemplateName(template: string): boolean {
  return TEMPLATE_NAME.test(template);
}
