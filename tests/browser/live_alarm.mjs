// Starts the real binary with its simulated customers, logs in with headless Chromium, starts a fault through the
// simulator's endpoint and sees its alarm appear on the page without a reload.
//
//   node tests/browser/live_alarm.mjs --binary build/release/coldvigil [--screenshot FILE.png] [--scheme light|dark]
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, logIn, openBrowser, openPage, option, patience, root } from './support.mjs';

const units = 94;
const faulty = 'unit_A_1_1';

/** A server that is gone with this program, and what it said. */
class Server {
  constructor(binary, settings) {
    const config = path.join(root, 'config/demo.toml');
    this.log = [];
    this.process = spawn(binary, ['serve', '--config', config, ...settings.flatMap((each) => ['--set', each])], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    createInterface({ input: this.process.stderr }).on('line', (line) => {
      this.log.push(line);
      if (this.log.length > 20) this.log.shift();
    });
    this.ended = new Promise((resolve) => {
      this.process.once('error', (error) => resolve(String(error)));
      this.process.once('exit', (code, signal) => resolve(signal ?? code));
    });
  }

  /** From its first lines: where the page is, and where each simulated customer is. */
  async addresses() {
    const simulated = {};
    const lines = createInterface({ input: this.process.stdout });
    const address = new Promise((resolve, reject) => {
      lines.on('line', (line) => {
        if (!line.startsWith('{')) return;
        try {
          const event = JSON.parse(line);
          if (event.event === 'simulated') simulated[event.customer] = event.url;
          if (event.event === 'listening') resolve(event.address);
        } catch {
          reject(new Error(`the server said what is no JSON: ${line}`));
        }
      });
    });
    const died = this.ended.then((how) => {
      throw new Error(`the server ended with ${how}`);
    });
    died.catch(() => {});
    return { address: await within(Promise.race([address, died]), 'the server did not start in time'), simulated };
  }

  /** Asked to end, and made to when it does not; gives how it ended. */
  async stop() {
    this.process.kill('SIGTERM');
    return within(this.ended, '').catch(() => {
      this.process.kill('SIGKILL');
      return 'SIGKILL, as it did not end on SIGTERM';
    });
  }
}

function within(promise, complaint) {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(complaint)), patience)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** A limit that is set on the page raises an alarm of readings that were within limits; taken out again, it ends it. */
async function changeRules(page) {
  const quiet = page.locator('[data-testid=unit-tile][data-state=normal]').first();
  const code = await quiet.getAttribute('data-unit-code');
  const raised = (state) => page.locator(`[data-testid=alarm-row][data-unit-code=${code}][data-rule=high_limit][data-state=${state}]`).first();
  await page.locator(`[data-testid=unit-tile][data-unit-code=${code}]`).click();
  const change = async (reason) => {
    await page.getByTestId('preview-result').waitFor({ timeout: patience });
    await page.getByLabel('Reason, for the record').fill(reason);
    await page.getByTestId('save-rules').locator('button').first().click();
    await page.getByTestId('rules-saved').waitFor({ timeout: patience });
    await page.keyboard.press('Escape');
  };
  await page.getByTestId('unit-rules').click();
  const limit = (kind) => page.locator(`[data-testid=edit-rule][data-kind=${kind}] [data-field=limit]`);
  await limit('high_limit').fill(await limit('low_limit').inputValue());
  await page.getByTestId('try-limits').getByRole('button').click();
  await change('to see an alarm');
  await raised('open').waitFor({ timeout: patience });
  await page.getByTestId('unit-rules').click();
  await page.locator('[data-testid=rule][data-scope=unit][data-kind=high_limit]').waitFor({ timeout: patience });
  await page.getByTestId('rules-out').click();
  await change('as it was');
  await raised('cleared').waitFor({ timeout: patience });
}

async function watch(page, troubles, { address, simulated }, token) {
  await page.goto(address);
  await logIn(page, 'wrong');
  await page.getByText('not known here').waitFor({ timeout: patience });
  troubles.length = 0; // the refused ticket is an error of that call, on purpose

  await logIn(page, token);
  await page.waitForFunction(
    (n) => {
      const tiles = [...document.querySelectorAll('[data-testid=unit-tile]')];
      return tiles.length === n && tiles.every((tile) => tile.dataset.state !== 'no_data');
    },
    units,
    { timeout: patience },
  );
  expect(!page.url().includes(token), 'the token is in the address');
  // Marks this document: it is gone after a reload.
  await page.evaluate(() => (window.unbroken = true));

  const fault = await fetch(`${simulated.A}/simulate/fault/${faulty}`, {
    method: 'POST',
    body: JSON.stringify({ kind: 'sensor_offset', minutes: 30, magnitude: 20 }),
  });
  expect(fault.ok, `the simulator answered ${fault.status}`);
  const row = page.locator(`[data-testid=alarm-row][data-unit-code=${faulty}][data-rule=high_limit][data-state=open]`);
  await row.waitFor({ timeout: patience });
  await page.locator(`[data-testid=unit-tile][data-unit-code=${faulty}][data-state=alarm]`).waitFor({ timeout: patience });
  expect(await page.evaluate(() => window.unbroken === true), 'the page was loaded again');

  await row.getByTestId('alarm-choose').click();
  await page.locator('[data-testid=unit-chart] canvas').waitFor({ timeout: patience });
  await page.locator('[data-testid=connection-state][data-state=live]').waitFor({ timeout: patience });
  const picture = option('screenshot');
  if (picture) {
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: picture });
  }
  await page.keyboard.press('Escape');
  await changeRules(page);
  await page.getByTestId('show-on-call').click();
  await page.getByTestId('on-call-gap').getByText('would reach nobody').waitFor({ timeout: patience }); // the demo has no contacts
  await page.keyboard.press('Escape');
  await page.getByTestId('show-numbers').click();
  await page.getByTestId('numbers').getByText('Alarms raised').waitFor({ timeout: patience });
  expect(troubles.length === 0, `the page complains: ${troubles.join('; ')}`);
}

const folder = mkdtempSync(path.join(tmpdir(), 'coldvigil-browser-'));
const binary = path.resolve(option('binary') ?? path.join(root, 'build/release/coldvigil'));
const server = new Server(binary, [
  'server.port=0',
  'simulation.base_port=0',
  'simulation.history_hours=24',
  'ingestion.future_tolerance_seconds=1', // a change of rules counts so much later
  `store.path=${folder}/coldvigil.db`,
]);
process.once('exit', () => server.process.kill('SIGKILL'));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

let browser;
let failure;
try {
  const where = await server.addresses();
  const tokens = JSON.parse(readFileSync(path.join(folder, 'tokens.json'), 'utf8'));
  browser = await openBrowser();
  const { page, troubles } = await openPage(browser, { colorScheme: option('scheme') ?? 'light' });
  await watch(page, troubles, where, tokens.admin);
} catch (error) {
  failure = error;
} finally {
  await browser?.close();
  const how = await server.stop();
  rmSync(folder, { recursive: true, force: true });
  if (!failure && how !== 0) failure = new Error(`the server ended with ${how}`);
}
if (failure) {
  console.error(`live_alarm: ${failure.message}\nThe server's last lines:\n${server.log.join('\n')}`);
  process.exit(1);
}
console.log('live_alarm: an alarm appeared on the page, and rules changed there raised and ended one');
