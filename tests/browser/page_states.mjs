// The page against the mock of web/dev/mock.mjs, in the states that the engine does not bring about on demand: a lost
// and regained connection, stale and silent units, themes, a telephone, a session that ended; each without a breach of
// the accessibility rules (WCAG 2.2 A and AA) and of the content policy. Needs web/dist.
//
//   node tests/browser/page_states.mjs
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { startMock } from '../../web/dev/mock.mjs';
import { expect, logIn, openBrowser, openPage, root } from './support.mjs';

const axe = readFileSync(createRequire(path.join(root, 'web/package.json')).resolve('axe-core/axe.min.js'), 'utf8');

async function accessible(page, where) {
  await page.evaluate(axe);
  const breaches = await page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const found = await window.axe.run({ runOnly: tags });
    return found.violations.map((each) => `${each.id} (${each.nodes.length}): ${each.nodes[0].target} ${each.nodes[0].failureSummary}`);
  });
  expect(breaches.length === 0, `accessibility, ${where}: ${breaches.join('; ')}`);
}

/** Nothing of a dialog is cut off on the screen as wide as it is. */
async function fits(page, dialog) {
  const wide = await page.getByTestId(dialog).evaluate((place) => place.scrollWidth - place.clientWidth);
  expect(wide <= 0, `${dialog} is ${wide} px too wide for the screen`);
}

const tile = (page, code, state) => page.locator(`[data-testid=unit-tile][data-unit-code=${code}][data-state=${state}]`);
const alarm = (page, code, state) => page.locator(`[data-testid=alarm-row][data-unit-code=${code}][data-state=${state}]`);
const connection = (page, state) => page.locator(`[data-testid=connection-state][data-state=${state}]`);

/** The few readings of a new unit are a dot: as a line they would be narrower than a pixel. */
async function newUnit(page) {
  await tile(page, 'unit_A_0_3', 'normal').click();
  await page.locator('[data-testid=unit-chart] canvas').waitFor();
  await page.waitForFunction(() => {
    const canvas = document.querySelector('[data-testid=unit-chart] canvas');
    const colour = getComputedStyle(document.documentElement).getPropertyValue('--series').trim();
    const [red, green, blue] = colour.match(/[0-9a-f]{2}/gi).map((two) => parseInt(two, 16));
    const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    let found = 0;
    for (let i = 0; i < pixels.length; i += 4) found += pixels[i] === red && pixels[i + 1] === green && pixels[i + 2] === blue;
    return found >= 9;
  });
  await page.keyboard.press('Escape');
}

async function statesAndAlarms(browser) {
  const mock = await startMock();
  mock.silence('unit_A_0_1');
  mock.forget('unit_A_0_2');
  mock.begin('unit_A_0_3');
  const { page, troubles } = await openPage(browser, { colorScheme: 'light' });
  await page.goto(mock.address);
  await accessible(page, 'login');
  await logIn(page, 'mock');
  await tile(page, 'unit_A_0_1', 'stale').waitFor();
  await tile(page, 'unit_A_0_2', 'no_data').waitFor();
  expect((await page.getByTestId('unit-tile').count()) === 94, 'not every unit has its tile');
  const last = await page.getByTestId('unit-tile').last().boundingBox();
  expect(last.y + last.height <= 800, 'the fleet is not seen at a glance on 1280 by 800');

  const hidden = await page.evaluate(() => [...document.querySelectorAll('[data-testid=unit-tile][data-state=normal]')].filter((each) => {
    const score = each.querySelector('[data-testid=tile-score]')?.getBoundingClientRect();
    const tile = each.getBoundingClientRect();
    return !score || score.width === 0 || score.right > tile.right || score.bottom > tile.bottom;
  }).map((each) => each.dataset.unitCode));
  expect(hidden.length === 0, `tiles that do not show their score: ${hidden.join(', ')}`);
  await newUnit(page);

  mock.offset('unit_B_2_3', 20);
  await alarm(page, 'unit_B_2_3', 'open').waitFor();
  await tile(page, 'unit_B_2_3', 'alarm').waitFor();
  mock.offset('unit_B_2_4', -20);
  await alarm(page, 'unit_B_2_4', 'open').waitFor();
  const first = await page.getByTestId('alarm-row').first().getAttribute('data-unit-code');
  expect(first === 'unit_B_2_4', `the newest alarm is not on top but ${first}`);
  await alarm(page, 'unit_B_2_4', 'open').getByTestId('alarm-choose').click();
  await page.locator('[data-testid=unit-chart] canvas').waitFor();
  await accessible(page, 'light');
  await page.getByTestId('theme').selectOption('dark');
  await accessible(page, 'dark');
  mock.offset('unit_B_2_3', 0);
  await alarm(page, 'unit_B_2_3', 'cleared').waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('unit-panel').waitFor({ state: 'detached' });

  await page.reload();
  await connection(page, 'live').waitFor(); // the session lives as long as the tab
  expect((await page.evaluate(() => document.documentElement.dataset.theme)) === 'dark', 'the theme is not kept');
  expect(troubles.length === 0, `the page complains: ${troubles.join('; ')}`);
  await page.getByTestId('log-out').click();
  await page.getByTestId('login-token').waitFor();
  expect((await page.evaluate(() => sessionStorage.length)) === 0, 'the token outlives the session');
  await page.close();
  await mock.stop();
}

/** What is wrong with Coldvigil itself stands above everything until somebody has seen it, and then stays in sight. */
async function coldvigilItself(browser) {
  const mock = await startMock();
  mock.trouble('disk_low', 'the disk of the store is nearly full', { detail: '0.9 GiB are free, 0.4 %' });
  const site = mock.units.slice(0, 5).map((unit) => ({ unit_id: unit.id, unit_code: unit.unit_code }));
  mock.trouble('site_silent', 'nothing is heard of a whole site', { customer_code: 'A', subject: 'facility_A_0', detail: 'nothing is heard of 5 of 5 units', units: site });
  const { page, troubles } = await openPage(browser, { colorScheme: 'light' });
  await page.goto(mock.address);
  await logIn(page, 'mock');
  const row = (fault) => page.locator(`[data-testid=system-alarm][data-fault=${fault}]`);
  await row('disk_low').waitFor();
  expect((await row('site_silent').innerText()).includes('unit_A_0_5'), 'the units of the silent site are not listed');
  await accessible(page, 'system alarms');
  await row('disk_low').getByRole('button').click();
  await page.getByText('seen by token:mock').waitFor();
  expect((await row('disk_low').getByRole('button').count()) === 0, 'an alarm that was seen can be acknowledged again');
  expect((await page.getByTestId('system-alarm').first().getAttribute('data-fault')) === 'site_silent', 'what nobody has seen is not on top');
  expect(troubles.length === 0, `the page complains: ${troubles.join('; ')}`);
  await page.close();
  await mock.stop();
}

/** What a night shift does with an alarm, and what quality assurance does with it after: with the keyboard where it is quick. */
async function alarmHandled(browser) {
  const mock = await startMock();
  mock.doubt('unit_B_2_3');
  const { page, troubles } = await openPage(browser, { colorScheme: 'light' });
  await page.goto(mock.address);
  await logIn(page, 'mock');
  mock.offset('unit_B_2_3', 20);
  await alarm(page, 'unit_B_2_3', 'open').waitFor();
  const details = page.locator('[data-testid=alarm-row][data-unit-code=unit_B_2_3] [data-testid=alarm-details]');
  const stage = (name) => page.locator(`[data-testid=alarm-stage][data-stage=${name}]`).waitFor();
  // Into the field that has the focus by itself.
  const typed = async (text) => {
    await page.locator('[data-testid=alarm-form] :focus').waitFor();
    await page.keyboard.type(text);
  };
  const say = async (action, text) => {
    await page.getByTestId(`alarm-${action}`).click();
    if (text) await typed(text);
    await page.getByTestId('alarm-form').locator('button').first().click();
    await page.getByTestId('alarm-form').waitFor({ state: 'detached' });
  };
  await details.press('Enter');
  await page.getByTestId('evidence').waitFor();
  await page.getByTestId('on-call').getByText('Anna Berg').waitFor();
  await say('ack', 'on my way');
  await stage('acknowledged');
  await say('assign', 'ben');
  await say('action', 'stock moved to unit 4');
  await page.getByText('stock moved to unit 4').waitFor();
  await page.getByTestId('alarm-shelve').click();
  await page.getByTestId('alarm-form').locator('button').first().click(); // without a reason nothing is sent
  await accessible(page, 'alarm');
  await typed('being defrosted');
  await page.getByTestId('alarm-form').locator('button').first().click();
  await stage('shelved');
  await say('unshelve');
  await page.keyboard.press('Escape');
  await page.getByTestId('alarm-dialog').waitFor({ state: 'detached' });
  const notes = (state) => alarm(page, 'unit_B_2_3', state).getByTestId('alarm-notes');
  await notes('open').getByText('acknowledged', { exact: true }).waitFor(); // the list says that somebody has seen it

  mock.offset('unit_B_2_3', 0);
  await notes('cleared').filter({ hasText: 'found late' }).filter({ hasText: 'end not seen' }).waitFor();
  await page.getByTestId('alarm-view').selectOption('normal');
  await details.click();
  for (const doubt of ['Found late', 'end was not seen']) await page.getByTestId('alarm-doubt').filter({ hasText: doubt }).waitFor();
  await say('close', 'stock checked, nothing lost');
  await stage('closed');
  await page.keyboard.press('Escape');
  await page.getByText('No alarm waits to be closed.').waitFor();
  await page.getByTestId('alarm-view').selectOption('closed');
  await details.waitFor();

  // The unit itself: limits that the file wants in vain, out of service.
  await tile(page, 'unit_B_3_3', 'normal').click();
  await page.getByTestId('limits-not-taken').waitFor();
  await page.getByTestId('service').locator('summary').click();
  await page.getByLabel('Reason').fill('door is mended');
  await page.getByRole('button', { name: 'Take out', exact: true }).click();
  await page.getByTestId('out-of-service').getByText('door is mended').waitFor();
  await accessible(page, 'unit');
  await page.setViewportSize({ width: 390, height: 844 });
  await details.click();
  await page.getByTestId('evidence').waitFor();
  await fits(page, 'alarm-dialog');
  await accessible(page, 'alarm on a telephone');
  expect(troubles.length === 0, `the page complains: ${troubles.join('; ')}`);
  await page.close();
  await mock.stop();
}

/** Older alarms stay opened whatever is raised meanwhile. */
async function olderOnes(browser) {
  const mock = await startMock();
  mock.past(mock.units[0], 120);
  const { page, troubles } = await openPage(browser, { colorScheme: 'light' });
  await page.goto(mock.address);
  await logIn(page, 'mock');
  await connection(page, 'live').waitFor();
  await page.getByTestId('alarm-view').selectOption('closed');
  const rows = page.getByTestId('alarm-row');
  const shown = (n) => page.waitForFunction((wanted) => document.querySelectorAll('[data-testid=alarm-row]').length === wanted, n);
  await shown(50);
  await page.getByTestId('older').click();
  await shown(100);
  const last = await rows.last().innerText();
  const readAgain = page.waitForResponse((response) => response.url().includes('/api/v1/alarms?') && response.url().includes('closed'));
  mock.offset('unit_B_2_3', 20);
  await readAgain;
  await page.getByText('1 open').waitFor();
  await page.locator('[data-testid=older]:not([disabled])').waitFor();
  expect((await rows.count()) === 100, `of 100 opened alarms ${await rows.count()} are left when another is raised`);
  expect((await rows.last().innerText()) === last, 'the older alarms are not those that were opened');
  expect(troubles.length === 0, `the page complains: ${troubles.join('; ')}`);
  await page.close();
  await mock.stop();
}

/** Rules of a unit: read, tried, changed and taken out again, with the keyboard, on a narrow screen. */
async function rulesOfAUnit(browser) {
  const mock = await startMock();
  const { page, troubles } = await openPage(browser, { colorScheme: 'dark', viewport: { width: 380, height: 800 } });
  await page.goto(mock.address);
  await logIn(page, 'mock');
  await tile(page, 'unit_B_2_3', 'normal').click();
  await page.getByTestId('unit-rules').press('Enter');
  const rules = (scope) => page.locator(`[data-testid=rule][data-scope=${scope}]`);
  await rules('facility').first().waitFor();
  const said = await rules('facility').first().innerText();
  for (const words of ['Above 8 °C, lasting 24 h', 'facility facility_B_2', 'USP controlled cold', 'since 2 Mar 2026']) expect(said.includes(words), `a rule does not say "${words}" but: ${said}`);
  const warm = page.locator('[data-testid=edit-rule][data-kind=high_limit]').first();
  const legends = await page.locator('[data-testid=edit-rule] legend').allInnerTexts();
  expect(new Set(legends).size === legends.length && legends.length > 1, `rules cannot be told apart: ${legends.join('; ')}`);
  const deadband = warm.locator('[data-field=deadband]');
  await deadband.fill('101');
  await deadband.press('Enter');
  await warm.getByText('not between 0 and 100 K').waitFor();
  expect((await deadband.getAttribute('aria-invalid')) === 'true', 'a field that is wrong does not say so');
  await accessible(page, 'rules with a mistake');
  await deadband.fill('0.5');
  await warm.locator('[data-field=limit]').fill('7');
  expect((await page.getByTestId('save-rules').count()) === 0, 'a change can be saved that was not tried');
  await deadband.press('Enter');
  await page.getByTestId('preview-result').getByText('4 alarms more').waitFor();
  const reason = page.getByLabel('Reason, for the record');
  await reason.fill('forbidden words');
  const save = page.getByTestId('save-rules').locator('button').first();
  await save.press('Enter');
  await page.getByTestId('save-rules').getByText('not allowed').waitFor();
  await accessible(page, 'rules before they are saved');
  await fits(page, 'rules-dialog');
  await reason.fill('stricter for the vaccines');
  mock.changeRules(mock.units.find((unit) => unit.unit_code === 'unit_B_2_3'), []); // somebody else, meanwhile
  await save.press('Enter');
  await page.getByTestId('rules-dialog').getByText('Somebody else changed these rules').waitFor();
  troubles.length = 0; // the refused calls are errors on purpose
  await deadband.press('Enter');
  await save.press('Enter');
  await page.getByTestId('rules-saved').waitFor();
  await page.getByTestId('rules-change').waitFor(); // it counts from a time on
  const untilThen = await page.getByTestId('rules-until-then').innerText();
  expect(untilThen.includes('Above 8 °C, lasting 24 h') && untilThen.includes('since 2 Mar 2026') && !untilThen.includes('Nothing heard'), `what judges until then is not said: ${untilThen}`);
  expect((await rules('unit').count()) === 2, 'the rule is not one of the unit, with the other one of its sort');
  expect((await rules('unit').first().innerText()).includes('Above 7 °C, lasting 24 h, over when inside by 0.5 °C'), 'the rule is not as it was changed');
  await page.getByTestId('rules-out').press('Enter');
  await page.getByTestId('preview-result').waitFor();
  await reason.fill('as the others again');
  await save.press('Enter');
  await page.getByTestId('rules-saved').waitFor();
  expect((await rules('unit').count()) === 0, 'the rules of the unit are still there');
  expect(troubles.length === 0, `the page complains: ${troubles.join('; ')}`);
  await page.keyboard.press('Escape');
  await page.getByTestId('rules-dialog').waitFor({ state: 'detached' });
  await page.getByTestId('unit-panel').waitFor(); // Escape closed what lay over it alone
  await page.close();
  await mock.stop();
}

/** Who is called now, whether they are reached, and how good the alarm system is. */
async function onCallAndNumbers(browser) {
  const mock = await startMock();
  const { page, troubles } = await openPage(browser, { colorScheme: 'light' });
  await page.goto(mock.address);
  await logIn(page, 'mock');
  await connection(page, 'live').waitFor();
  await page.getByTestId('show-on-call').press('Enter');
  await page.getByTestId('on-call-now').getByText('Anna Berg (by sms; on duty until').waitFor();
  expect((await page.getByTestId('on-call-gap').count()) === 0, 'somebody is called, and it says that nobody is');
  const facility = page.getByTestId('on-call-facility');
  await facility.selectOption('facility_A_1'); // has a route of its own
  await page.getByTestId('on-call-now').getByText('At once: Carla').waitFor();
  await page.getByText('Policy “vaccine store”').waitFor();
  await facility.selectOption('facility_A_0');
  await page.getByTestId('on-call-now').getByText('Anna Berg').waitFor();
  await facility.selectOption('facility_A_1');
  await page.getByTestId('on-call-customer').selectOption('B');
  await page.getByTestId('on-call-now').getByText('Anna Berg').waitFor(); // another customer's facility is not asked for
  expect((await facility.inputValue()) === '' && (await facility.locator('option').allInnerTexts()).join() === 'facilities in general,facility facility_B_2,facility facility_B_3', 'the facilities are not those of the customer');
  await page.getByTestId('on-call-customer').selectOption('A');
  await page.getByRole('button', { name: 'Send a test message to Anna Berg' }).press('Enter');
  const tests = page.getByTestId('self-tests');
  await tests.getByText('Anna Berg by sms (+49 170 0000001): sent').filter({ hasText: 'arrived' }).waitFor();
  await tests.getByText('Anna Berg by mail').filter({ hasText: 'not confirmed yet' }).waitFor();
  await accessible(page, 'on call');
  await page.keyboard.press('Escape');
  mock.tellNobody();
  await page.getByTestId('show-on-call').press('Enter');
  await facility.selectOption('facility_A_1');
  await page.getByTestId('on-call-gap').getByText('alarm of facility facility_A_1 would reach nobody').waitFor();
  await page.getByTestId('on-call-customer').selectOption('');
  await page.getByTestId('on-call-gap').getByText('Coldvigil itself would reach nobody').waitFor();
  expect((await facility.count()) === 0, 'an alarm of Coldvigil itself is asked for a facility');
  await page.setViewportSize({ width: 380, height: 800 });
  await fits(page, 'on-call-dialog');
  await accessible(page, 'on call: nobody');
  await page.keyboard.press('Escape');

  await page.getByTestId('theme').selectOption('dark');
  await page.getByTestId('show-numbers').press('Enter');
  const day = page.getByTestId('numbers').getByRole('row', { name: 'An operator and day' });
  await day.getByText(/^1[56]$/).first().waitFor(); // shared by two, as the server has it set
  await page.getByLabel('People who share').fill('1');
  await day.getByText('31', { exact: true }).first().waitFor();
  await page.getByTestId('numbers').getByRole('row', { name: 'Most in 10 min' }).getByText('beyond the norm').first().waitFor();
  await fits(page, 'numbers-dialog');
  await accessible(page, 'numbers');
  await page.getByTestId('numbers-dialog').getByRole('button', { name: 'unit_A_0_1' }).first().click();
  await page.getByTestId('unit-panel').getByText('unit_A_0_1').first().waitFor();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow <= 0, `the page is ${overflow} px too wide for a telephone`);
  expect(troubles.length === 0, `the page complains: ${troubles.join('; ')}`);
  await page.close();
  await mock.stop();
}

/** A token that may only look is offered nothing that would be refused. */
async function lookOnly(browser) {
  const mock = await startMock({ permission: 'read' });
  const { page, troubles } = await openPage(browser, { colorScheme: 'light' });
  await page.clock.install();
  await page.goto(mock.address);
  await logIn(page, 'mock');
  await tile(page, 'unit_B_2_3', 'normal').click();
  mock.changeRules(mock.units.find((unit) => unit.unit_code === 'unit_B_2_3'), [{ kind: 'low_limit', level: 'critical', name: '', side: 'below', limit: 1, unit: 'C' }]);
  await page.getByTestId('unit-rules').click();
  await page.locator('[data-testid=edit-rule] [data-field=limit]').first().fill('1.5');
  await page.getByTestId('try-limits').locator('button').click();
  await page.getByTestId('preview-result').waitFor();
  await page.getByText('an admin token may change rules').waitFor();
  expect((await page.getByTestId('save-rules').count()) + (await page.getByTestId('rules-out').count()) === 0, 'rules can be changed with a token that may not');
  await page.getByTestId('rules-change').waitFor();
  await page.clock.fastForward('10:00');
  await page.getByTestId('rules-change').waitFor({ state: 'detached' }); // it counts by now
  const since = await page.locator('[data-testid=rule][data-scope=unit]').innerText();
  expect(since.includes('since'), `a rule that counts does not say since when: ${since}`);
  await page.keyboard.press('Escape');
  await page.getByTestId('show-on-call').click();
  await page.getByTestId('on-call-now').waitFor();
  expect((await page.getByRole('button', { name: 'Send a test message' }).count()) === 0, 'a test can be sent with a token that may not');
  expect(troubles.length === 0, `the page complains: ${troubles.join('; ')}`);
  await page.close();
  await mock.stop();
}

async function lostAndRegained(browser) {
  const mock = await startMock();
  const port = Number(new URL(mock.address).port);
  const { page } = await openPage(browser, { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  await page.goto(mock.address);
  await logIn(page, 'mock');
  await connection(page, 'live').waitFor();
  await accessible(page, 'telephone');
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow <= 0, `the page is ${overflow} px too wide for a telephone`);
  mock.offset('unit_B_2_3', 20);
  await alarm(page, 'unit_B_2_3', 'open').getByTestId('alarm-choose').tap();
  await page.locator('[data-testid=unit-chart] canvas').waitFor();
  const alarms = await alarm(page, 'unit_B_2_3', 'open').boundingBox();
  const panel = await page.getByTestId('unit-panel').boundingBox();
  expect(alarms.y + alarms.height <= panel.y, 'on a telephone the alarms are not above the unit');
  expect(panel.y < 844 && panel.y + panel.height > 0, 'the unit that an alarm opened is out of sight');
  await mock.stop();
  await page.getByTestId('lost-banner').waitFor();
  await connection(page, 'lost').waitFor();
  const again = await startMock({ port });
  await connection(page, 'live').waitFor();
  await page.getByTestId('lost-banner').waitFor({ state: 'detached' });
  await page.close();
  await again.stop();
}

const browser = await openBrowser();
try {
  await statesAndAlarms(browser);
  await coldvigilItself(browser);
  await alarmHandled(browser);
  await olderOnes(browser);
  await rulesOfAUnit(browser);
  await onCallAndNumbers(browser);
  await lookOnly(browser);
  await lostAndRegained(browser);
  console.log('page_states: all states are as they should be');
} catch (error) {
  console.error(`page_states: ${error.message}`);
  process.exitCode = 1;
} finally {
  await browser.close();
  process.exit();
}
