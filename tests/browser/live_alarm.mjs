// Starts the real binary with its simulated customers, logs in with headless Chromium, starts a fault through the
// simulator's endpoint and sees its alarm appear on the page without a reload.
//
//   node tests/browser/live_alarm.mjs --binary build/release/coldvigil [--screenshot FILE.png]
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const { chromium } = createRequire(path.join(root, 'web/package.json'))('playwright-core');

// Upper bounds for a busy machine; nothing waits this long when all is well.
const patience = 180_000;
const units = 94;

function option(name) {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
}

/** The server's addresses from its first lines of output. */
function addressesOf(server) {
  return new Promise((resolve, reject) => {
    const simulated = {};
    const timer = setTimeout(() => reject(new Error('the server did not start in time')), patience);
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    createInterface({ input: server.stdout }).on('line', (line) => {
      const event = JSON.parse(line);
      if (event.event === 'simulated') simulated[event.customer] = event.url;
      if (event.event !== 'listening') return;
      clearTimeout(timer);
      resolve({ address: event.address, simulated });
    });
  });
}

function ended(server) {
  return new Promise((resolve) => {
    if (server.exitCode !== null) resolve(server.exitCode);
    else server.once('exit', (code) => resolve(code));
  });
}

function expect(condition, what) {
  if (!condition) throw new Error(what);
}

async function watch(page, { address, simulated }, token) {
  const troubles = [];
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
  page.on('pageerror', (error) => troubles.push(String(error)));
  await page.goto(address);

  await page.getByTestId('login-token').fill('wrong');
  await page.getByTestId('login-submit').click();
  await page.getByText('not known here').waitFor({ timeout: patience });
  troubles.length = 0; // the refused ticket is an error of that call, on purpose

  await page.getByTestId('login-token').fill(token);
  await page.getByTestId('login-submit').click();
  await page.waitForFunction((n) => document.querySelectorAll('[data-testid=unit-tile]').length === n, units, { timeout: patience });
  await page.waitForFunction(
    () => [...document.querySelectorAll('[data-testid=unit-tile]')].every((tile) => tile.dataset.state !== 'no_data'),
    undefined,
    { timeout: patience },
  );
  expect(!page.url().includes(token), 'the token is in the address');

  const fault = await fetch(`${simulated.A}/simulate/fault/unit_A_1_1`, {
    method: 'POST',
    body: JSON.stringify({ kind: 'sensor_offset', minutes: 30, magnitude: 30 }),
  });
  expect(fault.ok, `the simulator answered ${fault.status}`);
  const row = page.locator('[data-testid=alarm-row][data-unit-code=unit_A_1_1][data-rule=high_limit][data-state=open]');
  await row.waitFor({ timeout: patience });
  await page.locator('[data-testid=unit-tile][data-unit-code=unit_A_1_1][data-state=alarm]').waitFor({ timeout: patience });
  await row.locator('button').click();
  await page.locator('[data-testid=unit-chart] canvas').waitFor({ timeout: patience });
  await page.waitForFunction(() => document.querySelector('[data-testid=connection-state]').dataset.state === 'live');
  const picture = option('screenshot');
  if (picture) await page.screenshot({ path: picture });
  expect(troubles.length === 0, `the page complains: ${troubles.join('; ')}`);
}

const folder = mkdtempSync(path.join(tmpdir(), 'coldvigil-browser-'));
const settings = ['server.port=0', 'simulation.base_port=0', 'simulation.history_hours=24', `store.path=${folder}/coldvigil.db`];
const server = spawn(
  path.resolve(option('binary') ?? path.join(root, 'build/release/coldvigil')),
  ['serve', '--config', path.join(root, 'config/demo.toml'), ...settings.flatMap((each) => ['--set', each])],
  { stdio: ['ignore', 'pipe', 'ignore'] },
);
let browser;
let failure;
try {
  const where = await addressesOf(server);
  const tokens = JSON.parse(readFileSync(path.join(folder, 'tokens.json'), 'utf8'));
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: option('scheme') ?? 'light' });
  await watch(page, where, tokens.admin);
} catch (error) {
  failure = error;
} finally {
  await browser?.close();
  server.kill('SIGTERM');
  const code = await ended(server);
  rmSync(folder, { recursive: true, force: true });
  if (!failure && code !== 0) failure = new Error(`the server ended with ${code}`);
}
if (failure) {
  console.error(`live_alarm: ${failure.message}`);
  process.exit(1);
}
console.log('live_alarm: an alarm appeared on the page');
