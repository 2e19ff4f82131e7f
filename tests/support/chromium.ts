import { chromium, type Browser } from 'playwright-core';
import { findProgram } from './binaries.js';
import { stopAfterTests } from './leftovers.js';

const ARGUMENTS = [
  '--no-sandbox', // the tests run as root, where Chromium refuses its sandbox
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The machine's Chromium, headless, with an empty profile. It is closed after the tests of the file. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? findProgram('chromium', 'chromium-browser', 'google-chrome');
  const browser = await chromium.launch({ executablePath, headless: true, args: ARGUMENTS });
  stopAfterTests(() => browser.close());
  return browser;
}
