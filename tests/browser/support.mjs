// What the browser tests share: headless Chromium, a page that reports its troubles, logging in.
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const { chromium } = createRequire(path.join(root, 'web/package.json'))('playwright-core');

/** Upper bound in milliseconds of every wait, for a busy machine; nothing waits this long when all is well. */
export const patience = 180_000;

export function option(name) {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
}

export function expect(condition, what) {
  if (!condition) throw new Error(what);
}

export function openBrowser() {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
    ],
  });
}

/** `troubles` collects what the console calls an error (a breach of the content policy among it) and what was thrown. */
export async function openPage(browser, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...options });
  page.setDefaultTimeout(patience);
  const troubles = [];
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
  page.on('pageerror', (error) => troubles.push(String(error)));
  return { page, troubles };
}

export async function logIn(page, token) {
  await page.getByTestId('login-token').fill(token);
  await page.getByTestId('login-submit').click();
}
