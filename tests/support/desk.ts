import type { Locator, Page } from 'playwright-core';

/** Under this there is no rail at the side. */
const RAIL_FROM_PX = 897;

/** Opens a page of the operator UI as a person does: through the rail, on a telephone through the sheet of all pages. */
export async function openPage(page: Page, area: string, place = area): Promise<void> {
  const isNarrow = (page.viewportSize()?.width ?? RAIL_FROM_PX) < RAIL_FROM_PX;
  if (isNarrow) {
    await page.getByRole('button', { name: 'More', exact: true }).click();
    const sheet = page.getByRole('navigation', { name: 'All pages' });
    await sheet.getByRole('link', { name: place, exact: true }).last().click();
    return;
  }
  const rail = page.getByRole('navigation', { name: 'Main' });
  await rail.getByRole('link', { name: area, exact: true }).first().click();
  if (place !== area) await rail.getByRole('link', { name: place, exact: true }).click();
}

/** Opens the menu of whoever is signed in, if it is not open. */
export async function openAccount(page: Page): Promise<void> {
  if (await page.locator('.menu').isVisible()) return;
  await page.getByRole('button', { name: 'Account', exact: true }).click();
}

/** Signs out, by the menu. */
export async function signOut(page: Page): Promise<void> {
  await openAccount(page);
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
}

/** Turns a switch on or off by the keyboard: its box has no size, and a forced click lands on whatever lies over it. */
export async function flip(box: Locator): Promise<void> {
  const was = await box.isChecked();
  await box.press('Space');
  if ((await box.isChecked()) === was) throw new Error('The switch did not move.');
}
