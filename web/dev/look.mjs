// Pictures of the page in its states, against the mock: look at them after a change.
//
//   npm run build && npm run look, or node dev/look.mjs FOLDER
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { startMock } from './mock.mjs';

const folder = process.argv[2] ?? 'look';
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });

async function opened(mock, options) {
  const page = await browser.newPage(options);
  await page.goto(mock.address);
  await page.getByTestId('login-token').fill('mock');
  await page.getByTestId('login-submit').click();
  await page.getByTestId('unit-tile').first().waitFor();
  await page.waitForLoadState('networkidle');
  return page;
}
const picture = (page, name, whole = false) => page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: whole });

/** What is looked at beside the fleet: the rules of a unit, who is on call, the numbers. */
async function asides(page, name) {
  const below = (dialog) => page.getByTestId(dialog).evaluate((place) => (place.scrollTop = place.scrollHeight));
  await page.locator('[data-testid=unit-tile][data-unit-code=unit_B_2_1]').click();
  await page.getByTestId('unit-rules').click();
  await page.getByTestId('try-limits').waitFor();
  await picture(page, `rules-${name}`);
  await page.locator('[data-field=limit]').nth(1).fill('7');
  await page.getByTestId('try-limits').locator('button').click();
  await page.getByTestId('save-rules').waitFor();
  await picture(page, `rules-tried-${name}`);
  await page.locator('[data-field=deadband]').first().fill('101');
  await page.getByTestId('try-limits').locator('button').click();
  await page.locator('[aria-invalid=true]').first().waitFor();
  await page.locator('[aria-invalid=true]').first().scrollIntoViewIfNeeded();
  await picture(page, `rules-mistake-${name}`);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.getByTestId('show-on-call').click();
  await page.getByRole('button', { name: 'Send a test message to Anna Berg' }).click();
  await page.getByTestId('self-tests').getByText('arrived').first().waitFor();
  await picture(page, `on-call-${name}`);
  await page.keyboard.press('Escape');
  await page.getByTestId('show-numbers').click();
  await page.getByTestId('numbers').waitFor();
  await picture(page, `numbers-${name}`);
  await below('numbers-dialog');
  await picture(page, `numbers-below-${name}`);
  await page.keyboard.press('Escape');
}

try {
  const mock = await startMock();
  mock.silence('unit_C_4_2');
  mock.forget('unit_D_6_4');
  mock.offset('unit_B_3_2', 20);
  const page = await opened(mock, { viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
  await picture(page, 'quiet');
  mock.offset('unit_A_0_2', 20);
  mock.offset('unit_E_9_1', -20);
  await page.locator('[data-testid=alarm-row][data-unit-code=unit_A_0_2] [data-testid=alarm-choose]').click();
  await page.locator('[data-testid=unit-chart] canvas').waitFor();
  await page.waitForTimeout(600);
  await picture(page, 'alarm');
  await page.getByText('14 days').click();
  await page.waitForTimeout(600);
  await page.getByTestId('theme').selectOption('dark');
  await page.locator('[data-testid=unit-chart] .u-over').hover();
  await page.waitForTimeout(600);
  await picture(page, 'dark');
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.waitForTimeout(600);
  await picture(page, 'large');
  const phone = await opened(mock, { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true });
  await picture(phone, 'phone', true);
  // One alarm with all that is known of it, and what is done about it.
  mock.doubt('unit_E_9_1');
  mock.offset('unit_E_9_1', 0);
  await phone.locator('[data-testid=alarm-row][data-unit-code=unit_E_9_1] [data-testid=alarm-details]').tap();
  await phone.getByTestId('evidence').waitFor();
  await picture(phone, 'alarm-phone');
  await phone.getByTestId('alarm-dialog').evaluate((dialog) => (dialog.scrollTop = dialog.scrollHeight));
  await picture(phone, 'alarm-phone-below');
  for (const scheme of ['light', 'dark']) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.getByTestId('theme').selectOption(scheme);
    await page.locator('[data-testid=alarm-row][data-unit-code=unit_A_0_2] [data-testid=alarm-details]').click();
    await page.getByTestId('evidence').waitFor();
    await page.getByTestId('alarm-shelve').click();
    await picture(page, `alarm-${scheme}`);
    await page.keyboard.press('Escape');
  }
  await page.getByTestId('theme').selectOption('light');
  await page.getByTestId('alarm-view').selectOption('returned_unacknowledged');
  await page.locator('[data-testid=alarm-row][data-unit-code=unit_E_9_1]').waitFor();
  await page.getByTestId('service').locator('summary').click();
  await picture(page, 'unit-tools', true);
  await page.keyboard.press('Escape');
  await asides(page, 'light');
  await page.getByTestId('theme').selectOption('dark');
  await page.setViewportSize({ width: 380, height: 844 });
  await asides(page, 'phone');
  mock.tellNobody();
  await page.getByTestId('show-on-call').click();
  await page.getByTestId('on-call-gap').waitFor();
  await picture(page, 'on-call-nobody');
  await page.keyboard.press('Escape');
  await page.getByTestId('theme').selectOption('light');
  await mock.stop();
  await page.getByTestId('lost-banner').waitFor();
  await page.setViewportSize({ width: 1280, height: 800 });
  await picture(page, 'lost');

  const ill = await startMock();
  ill.trouble('disk_low', 'the disk of the store is nearly full', { detail: '0.9 GiB are free, 0.4 %' });
  ill.trouble('polls_failing', "a customer's endpoint gives nothing usable", {
    severity: 'warning', customer_code: 'C', subject: 'C', detail: '7 polls in a row failed: no answer in 5 s',
    acknowledged: { at: new Date().toISOString(), who: 'token:anna', text: 'they are moving; '.repeat(125) },
  });
  ill.trouble('site_silent', 'nothing is heard of a whole site', {
    customer_code: 'A', subject: 'facility_A_0', detail: 'nothing is heard of 5 of 5 units',
    units: ill.units.slice(0, 5).map((unit) => ({ unit_id: unit.id, unit_code: unit.unit_code })),
  });
  const itself = await opened(ill, { viewport: { width: 1280, height: 800 } });
  await itself.getByTestId('system-alarm').first().waitFor();
  await picture(itself, 'system');
  await itself.setViewportSize({ width: 390, height: 844 });
  await picture(itself, 'system-phone', true);
  await ill.stop();

  const many = await startMock({ units: 1000 });
  const crowd = await opened(many, { viewport: { width: 1280, height: 800 } });
  many.offset('unit_A_0_2', 20);
  await crowd.getByTestId('alarm-row').first().waitFor();
  await picture(crowd, 'thousand');
  await crowd.getByTestId('log-out').click();
  await crowd.getByTestId('login-token').fill('nonsense');
  await crowd.getByTestId('login-submit').click();
  await crowd.getByText('not known here').waitFor();
  await picture(crowd, 'login');
  await many.stop();
} finally {
  await browser.close();
}
