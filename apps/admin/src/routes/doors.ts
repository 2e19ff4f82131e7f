import type { PageRow } from './page-route';

/** Pages that need no session: behind links of mails, and of the first start. */
export const DOORS: PageRow[] = [
  {
    path: '/invitation/$token',
    page: async () => (await import('../sign-in/link-pages')).InvitationPage,
  },
  {
    path: '/reset-password/$token',
    page: async () => (await import('../sign-in/link-pages')).ResetPage,
  },
  {
    path: '/first-run/$token',
    page: async () => (await import('../first-run/first-run-page')).FirstRunPage,
  },
  {
    path: '/forgot-password',
    page: async () => (await import('../sign-in/link-pages')).ForgotPage,
  },
];
