// A small server that speaks the part of docs/api.md that the page uses, with made-up units: for work on the page
// without the engine, and for states that are hard to bring about with it. Serves dist/ under the real content policy.
//
//   node dev/mock.mjs [--port 8000] [--units 94]     token: mock
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { mockRules } from './mock_rules.mjs';

const dist = path.join(path.dirname(fileURLToPath(import.meta.url)), '../dist');
const policy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const kinds = [
  { name: 'Ultra-Low Freezer', set: -72, low: -83.5, high: -60.5 },
  { name: 'Freezer', set: -20, low: -25, high: -15 },
  { name: 'Vaccine Fridge', set: 5, low: 2, high: 8 },
];
const scales = ['C', 'F', 'K'];
const perFacility = 5;
const facilitiesPerCustomer = 2;

function makeUnit(i) {
  const facility = Math.floor(i / perFacility);
  const customer = String.fromCharCode(65 + (Math.floor(facility / facilitiesPerCustomer) % 26));
  const kind = kinds[facility % kinds.length];
  return {
    id: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
    unit_code: `unit_${customer}_${facility}_${(i % perFacility) + 1}`,
    name: i % 7 === 3 ? null : `${kind.name} ${facility}.${(i % perFacility) + 1}`,
    facility_id: `facility-${facility}`,
    facility_code: `facility_${customer}_${facility}`,
    customer_code: customer,
    temperature_unit: scales[facility % 5 === 4 ? 1 : 0],
    set_temperature: kind.set,
    low_c: kind.low,
    high_c: kind.high,
    interval_seconds: 5,
  };
}

/** Where a unit stands at a time: the set point, the compressor's cycle, and what is done to it. */
function valueAt(unit, index, t, offset) {
  const minutes = t / 60_000;
  const swing = (unit.high_c - unit.low_c) * 0.12;
  return unit.set_temperature + swing * Math.sin((minutes / 17) * Math.PI + index) + swing * 0.3 * Math.sin(minutes * 1.7 + index * 3) + offset;
}

/** `permission` is that of the token: of all customers when it is admin. */
export function startMock({ port = 0, units: count = 94, every = 100, permission = 'admin' } = {}) {
  const units = Array.from({ length: count }, (_, i) => makeUnit(i));
  const offsets = new Map();
  const silent = new Set();
  const uncertain = new Set();
  const young = new Set();
  const alarms = new Map();
  const clients = new Set();
  const system = [];
  const resting = new Map();
  const rules = mockRules();
  const tests = [];
  let told = true;
  let sequence = 0;
  let made = 0;
  const cursor = () => `1.${sequence}`;
  const last = units.map(() => null);

  function unitNow(unit, i) {
    const rules = [...alarms.values()].filter((a) => a.unit_id === unit.id && a.state === 'open').map((a) => a.rule);
    return {
      ...unit,
      current_temperature_c: last[i]?.c ?? null,
      last_reading_time: last[i] ? new Date(last[i].t).toISOString() : null,
      out_of_service: resting.get(unit.id) ?? null,
      limits_not_taken: unit.unit_code === 'unit_B_3_3' ? { low_c: -30, high_c: -18 } : null,
      last_contact: last[i] ? new Date(last[i].t).toISOString() : null,
      score: last[i]?.score ?? null,
      score_state: 'scored',
      temperature_status: rules.length ? 'alarm' : last[i] ? 'normal' : 'no_data',
      open_rules: rules,
    };
  }
  function tell(items) {
    if (items.length === 0) return;
    const first = sequence + 1;
    for (const item of items) item.n = ++sequence;
    const frame = JSON.stringify({ type: 'items', cursor: cursor(), first, items });
    for (const client of clients) client.send(frame);
  }
  /** As the server keeps it, roughly. */
  function restage(alarm) {
    const { life } = alarm;
    if (life.closed) alarm.stage = 'closed';
    else if (life.shelved) alarm.stage = 'shelved';
    else if (alarm.state === 'open') alarm.stage = life.acknowledged ? 'acknowledged' : 'unacknowledged';
    else alarm.stage = life.acknowledged ? 'normal' : 'returned_unacknowledged';
  }
  /** What somebody does to an alarm; gives what is wrong with it. */
  function say(alarm, what, body) {
    const events = { ack: 'acknowledge', comment: 'comment', assign: 'assign', action: 'action', shelve: 'shelve', unshelve: 'unshelve', close: 'close' };
    if (!events[what]) return 'no such thing';
    const text = body.reason ?? body.text ?? body.to ?? '';
    if (['comment', 'assign', 'action', 'shelve'].includes(what) && !text) return 'the text is missing';
    const at = new Date().toISOString();
    const until = what === 'shelve' ? new Date(Date.now() + body.minutes * 60_000).toISOString() : null;
    const mark = { at, who: 'token:mock', text };
    if (what === 'ack') alarm.life.acknowledged = mark;
    if (what === 'shelve') alarm.life.shelved = { ...mark, until };
    if (what === 'unshelve') alarm.life.shelved = null;
    if (what === 'close') alarm.life.closed = mark;
    if (what === 'assign') alarm.life.assignee = text;
    alarm.said.push({ event: events[what], at, who: 'token:mock', text, until });
    restage(alarm);
    tell([{ type: 'life', said: alarm.said.at(-1), alarm }]);
    return null;
  }
  function story(alarm) {
    const unit = units.find((each) => each.id === alarm.unit_id);
    const raised = Date.parse(alarm.raised_at);
    const [from, to] = [raised - 3_600_000, Date.now()];
    const evidence = { from: new Date(from).toISOString(), to: new Date(to).toISOString(), left_out: [], t: [], c: [], usual: [], score: [] };
    for (let t = from; t <= to; t += 30_000) {
      if (t - from > 1_200_000 && t - from < 1_700_000) continue; // a silence
      const usual = valueAt(unit, units.indexOf(unit), t, 0);
      const out = Math.max(0, Math.min(1, (t - raised + 600_000) / 600_000)) * (offsets.get(unit.unit_code) ?? 0);
      evidence.t.push(Math.round(t));
      evidence.c.push(usual + out);
      evidence.usual.push(out ? usual : null);
      evidence.score.push(null);
    }
    return {
      ...alarm, definition: {}, ended_by: alarm.cleared_at ? 'condition' : null,
      excursion: { onset: alarm.raised_at, lowest_c: Math.min(...evidence.c), highest_c: Math.max(...evidence.c), mean_c: alarm.extreme_c, mkt_c: alarm.extreme_c, seconds: 7800, unseen_seconds: alarm.unseen_seconds, end_unknown: alarm.end_unknown },
      transitions: [
        { event: 'raised', at: alarm.raised_at, decided_at: alarm.raised_at, state: 'open' },
        ...(alarm.cleared_at ? [{ event: 'cleared', at: alarm.cleared_at, decided_at: alarm.cleared_at, state: 'cleared' }] : []),
      ],
      evidence,
    };
  }
  function onCall(query) {
    const of = { customer: query.get('customer'), facility: query.get('facility'), severity: query.get('severity') };
    if (!told) return { ...of, policy: null, steps: [] };
    const later = new Date(Date.now() + 5 * 3_600_000).toISOString();
    if (of.facility === 'facility_A_1') return { ...of, policy: 'vaccine store', steps: [{ after_seconds: 0, persons: [{ person: 'carla', name: 'Carla', on_duty: true, duty_changes_at: null, channels: ['sms'] }] }] };
    return { ...of, policy: 'usual', steps: [
      { after_seconds: 0, persons: [{ person: 'anna', name: 'Anna Berg', on_duty: true, duty_changes_at: later, channels: ['sms'] }, { person: 'ben', name: 'Ben', on_duty: false, duty_changes_at: later, channels: ['mail'] }] },
      { after_seconds: 900, persons: [{ person: 'boss', name: 'Head of stores', on_duty: true, duty_changes_at: null, channels: ['sms'] }] },
    ] };
  }
  const people = [
    { id: 'anna', name: 'Anna Berg', ways: [{ channel: 'sms', address: '+49 170 0000001' }, { channel: 'mail', address: 'anna.berg@cold.example.org' }] },
    { id: 'ben', name: 'Ben', ways: [{ channel: 'mail', address: 'ben@cold.example.org' }] },
    { id: 'boss', name: 'Head of stores', ways: [{ channel: 'sms', address: '+49 170 0000002' }] },
  ];
  /** By every way of the person; it arrives at once by sms, and by mail never. */
  function sendTest(id) {
    const person = people.find((each) => each.id === id);
    for (const { channel, address } of person?.ways ?? []) {
      const at = new Date().toISOString();
      tests.unshift({ message: `test-${tests.length}`, person: id, channel, address, sent_at: at, received_at: channel === 'sms' ? at : null, overdue: false });
    }
    return person ? [202, { messages: [] }] : [404, { detail: 'There is no such person, or they have no such channel.' }];
  }
  function numbers(query) {
    const days = (Date.now() - Date.parse(query.get('from'))) / 86_400_000;
    const [operators, raised] = [Number(query.get('operators') ?? 2), Math.round(days * 31)];
    const top = units.slice(0, 10).map((unit, i) => ({ unit_id: unit.id, unit_code: unit.unit_code, customer_code: unit.customer_code, rule_id: 2, rule: i % 3 ? 'high_limit' : 'model_persistence', alarms: Math.round(raised / (i + 5)) }));
    return {
      alarms: raised, critical: Math.round(raised / 12), warning: raised - Math.round(raised / 12), retroactive: 3, suppressed: 16, operators,
      per_operator_10_min: raised / days / 144 / operators, per_operator_day: raised / days / operators, most_in_10_min: 14, most_active: 9,
      floods: [{ from: query.get('from'), to: query.get('from') }], share_in_flood: 0.004, chattering: top.slice(0, 2), fleeting: 5, stale: 1, top,
      share_of_top: 0.61, acknowledged: raised - 4, seconds_to_acknowledge: { median: 190, p90: 1260, longest: 9000 },
    };
  }
  function judge(unit, t, c) {
    const rule = c > unit.high_c ? 'high_limit' : c < unit.low_c ? 'low_limit' : null;
    const open = [...alarms.values()].find((a) => a.unit_id === unit.id && a.state === 'open');
    const at = new Date(t).toISOString();
    if (open && !rule) {
      Object.assign(open, { state: 'cleared', cleared_at: at, ...(uncertain.has(unit.unit_code) ? { end_unknown: true, unseen_seconds: 5400, retroactive: true } : {}) });
      restage(open);
      return [{ type: 'alarm', event: 'cleared', alarm: open }];
    }
    if (open || !rule) return [];
    const shown = (celsius) => (unit.temperature_unit === 'F' ? `${(celsius * 1.8 + 32).toFixed(1)} °F` : `${celsius.toFixed(1)} °C`);
    const limit = rule === 'high_limit' ? unit.high_c : unit.low_c;
    const alarm = {
      id: `alarm-${++made}`, unit_id: unit.id, unit_code: unit.unit_code, unit_name: unit.name, facility_code: unit.facility_code,
      customer_code: unit.customer_code, rule, state: 'open', raised_at: at, cleared_at: null, raised_temperature_c: c, extreme_c: c,
      severity: 'critical', rule_name: '', unseen_seconds: 0, end_unknown: false, said: [],
      peak_score: 0.4, explanation: '', finding: `${shown(c)} (limit ${shown(limit)})`, worst: '', rule_limit_c: limit, stage: 'unacknowledged', life: { acknowledged: null, shelved: null, assignee: null, raised_again: 0 }, limits: { low_c: unit.low_c, high_c: unit.high_c, consecutive: 3 }, retroactive: false,
    };
    alarms.set(alarm.id, alarm);
    return [{ type: 'alarm', event: 'raised', alarm }];
  }
  function measure(i, t) {
    const unit = units[i];
    if (silent.has(unit.unit_code)) return [];
    const c = Math.round(valueAt(unit, i, t, offsets.get(unit.unit_code) ?? 0) * 1000) / 1000;
    last[i] = { t, c, score: Math.round(Math.abs(Math.sin(t / 1e5 + i)) * 30) / 100 };
    return [{ type: 'reading', unit_id: unit.id, t, c, score: last[i].score, state: 'scored' }, ...judge(unit, t, c)];
  }
  const begun = Date.now();
  units.forEach((_, i) => measure(i, begun - 4000));
  let turn = 0;
  const step = Math.max(1, Math.ceil((count * every) / 5000));
  const timer = setInterval(() => {
    const items = [];
    for (let k = 0; k < step; k++) items.push(...measure(turn++ % count, Date.now()));
    tell(items);
  }, every);

  function series(unit, from, to, points) {
    const out = { unit_id: unit.id, from, to, t: [], c: [], score: [] };
    if (young.has(unit.unit_code)) return out;
    const stretch = Math.max((to - from) / points, 300_000);
    for (let t = from; t < to; t += stretch) {
      if (t - from > 0.42 * (to - from) && t - from < 0.47 * (to - from)) continue; // a hole, to be seen as one
      out.t.push(Math.round(t));
      out.c.push(valueAt(unit, units.indexOf(unit), t, 0));
      out.score.push(null);
    }
    return out;
  }
  function answer(response, status, body) {
    response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    response.end(JSON.stringify(body));
  }
  function alarmRoute(request, response, url, body) {
    const path = url.pathname.split('/').slice(3).map(decodeURIComponent);
    if (path[0] === 'deliveries')
      return answer(response, 200, [{ message: 'm', kind: 'alarm', attempt: 1, person: 'anna', channel: 'sms', at: new Date().toISOString(), took_ms: 80, result: 'delivered' }]);
    const query = url.searchParams;
    if (path[0] === 'on-call') return answer(response, 200, onCall(query));
    if (path[0] === 'contacts') return answer(response, 200, { persons: people });
    if (path[0] === 'notifications') return path[1] === 'tests' ? answer(response, 200, tests) : answer(response, ...sendTest(body.person));
    if (path[0] === 'rules') {
      const unit = units.find((each) => each.id === (path[2] ?? query.get('unit_id')));
      return answer(response, ...rules.answer(request.method, path, query, body, request.headers['if-match'], unit));
    }
    if (path[1] === 'numbers') return answer(response, 200, numbers(query));
    if (path[0] === 'units') {
      const unit = units.find((each) => each.id === path[1]);
      if (path[2] === 'in-service') resting.delete(unit.id);
      else resting.set(unit.id, { since: new Date().toISOString(), who: 'token:mock', reason: body.reason });
      tell([{ type: 'service', unit_id: unit.id, out_of_service: resting.get(unit.id) ?? null }]);
      return answer(response, 200, unit);
    }
    if (path.length === 1) {
      const stages = (url.searchParams.get('state') ?? '').split(',').filter(Boolean);
      const all = [...alarms.values()].reverse().filter((each) => stages.length === 0 || stages.includes(each.stage));
      const begin = Number(query.get('cursor') ?? 0);
      const end = begin + Number(query.get('limit'));
      return answer(response, 200, { items: all.slice(begin, end), next_cursor: end < all.length ? String(end) : null });
    }
    const alarm = alarms.get(path[1]);
    if (!alarm) return answer(response, 404, { title: 'Not found', detail: 'There is no such alarm.' });
    const wrong = request.method === 'POST' ? say(alarm, path[2], body) : null;
    if (wrong) return answer(response, 422, { detail: wrong });
    answer(response, 200, story(alarm));
  }
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://mock');
    if (url.pathname === '/health') return answer(response, 200, { status: 'ok', timestamp: new Date().toISOString() });
    if (!url.pathname.startsWith('/api/')) {
      const file = url.pathname === '/' ? '/index.html' : url.pathname;
      let content;
      try {
        content = readFileSync(path.join(dist, path.normalize(file)));
      } catch {
        return answer(response, 404, { title: 'Not found' });
      }
      response.writeHead(200, { 'Content-Type': types[path.extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': policy });
      return response.end(content);
    }
    if (request.headers.authorization !== 'Bearer mock') return answer(response, 401, { title: 'Unauthorized' });
    if (url.pathname === '/api/v1/live/ticket') return answer(response, 201, { ticket: 'mock', expires_in: 30, permission, customer: permission === 'admin' ? null : 'A' });
    if (url.pathname === '/api/v1/system/alarms') return answer(response, 200, system);
    const seen = /^\/api\/v1\/system\/alarms\/([^/]+)\/ack$/.exec(url.pathname);
    if (seen) {
      const alarm = system.find((each) => each.id === seen[1]);
      if (!alarm) return answer(response, 404, { title: 'Not found' });
      alarm.acknowledged = { at: new Date().toISOString(), who: 'token:mock', text: '' };
      return answer(response, 200, alarm);
    }
    if (/^\/api\/v1\/(alarms|deliveries|on-call|contacts|notifications|rules|units\/[^/]+\/(out-of-|in-)service)/.test(url.pathname)) {
      let text = '';
      request.on('data', (part) => (text += part));
      request.on('end', () => alarmRoute(request, response, url, text ? JSON.parse(text) : {}));
      return;
    }
    const wanted = /^\/api\/v1\/units\/([^/]+)\/series$/.exec(url.pathname);
    const unit = wanted && units.find((each) => each.id === wanted[1]);
    if (!unit) return answer(response, 404, { title: 'Not found' });
    const when = (name) => Date.parse(url.searchParams.get(name));
    answer(response, 200, series(unit, when('from'), when('to'), Number(url.searchParams.get('points'))));
  });
  const sockets = new WebSocketServer({ server, path: '/api/v1/live' });
  sockets.on('connection', (client, request) => {
    const after = new URL(request.url, 'http://mock').searchParams.get('after');
    if (after) client.send(JSON.stringify({ type: 'gap', reason: 'too_old' }));
    const open = [...alarms.values()].filter((alarm) => alarm.state === 'open');
    client.send(JSON.stringify({ type: 'snapshot', cursor: cursor(), units: units.map(unitNow), alarms: open }));
    clients.add(client);
    client.on('close', () => clients.delete(client));
  });
  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () =>
      resolve({
        address: `http://127.0.0.1:${server.address().port}`,
        units,
        /** Kelvin on top of what a unit measures; measured and told at once. */
        offset(code, kelvin) {
          offsets.set(code, kelvin);
          tell(measure(units.findIndex((unit) => unit.unit_code === code), Date.now()));
        },
        /** A unit that has not been heard of for ten minutes, as the next snapshot tells it. */
        silence(code) {
          silent.add(code);
          const i = units.findIndex((unit) => unit.unit_code === code);
          last[i] = { ...last[i], t: Date.now() - 600_000 };
        },
        /** Alarms of long ago, closed. */
        past(unit, n) {
          for (let i = 0; i < n; i++) {
            const [event] = judge(unit, Date.now() - (n - i) * 3_600_000, unit.high_c + 2);
            judge(unit, Date.parse(event.alarm.raised_at) + 600_000, unit.set_temperature);
            event.alarm.stage = 'closed';
            event.alarm.life.closed = { at: event.alarm.cleared_at, who: 'token:mock', text: '' };
          }
        },
        /** Somebody else changes the unit's rules. */
        changeRules: (unit, list) => rules.change(unit, list),
        /** Nobody is told of any alarm. */
        tellNobody: () => (told = false),
        /** The unit's next alarm is one of which the end is not seen, and that is found late. */
        doubt: (code) => uncertain.add(code),
        /** A unit that was never heard of. */
        forget(code) {
          silent.add(code);
          last[units.findIndex((unit) => unit.unit_code === code)] = null;
        },
        /** An alarm of Coldvigil itself, or of a whole site. */
        trouble(fault, words, more = {}) {
          const at = new Date().toISOString();
          system.push({
            id: `system-${system.length}`, fault, words, severity: 'critical', customer_code: null, subject: 'store', detail: '',
            raised_at: at, cleared_at: null, acknowledged: null, units: [], ...more,
          });
        },
        /** A unit that was first heard of when the server began. */
        begin: (code) => young.add(code),
        stop: () =>
          new Promise((done) => {
            clearInterval(timer);
            for (const client of clients) client.terminate();
            server.closeAllConnections();
            server.close(done);
          }),
      }),
    );
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const option = (name, otherwise) => {
    const at = process.argv.indexOf(`--${name}`);
    return at < 0 ? otherwise : Number(process.argv[at + 1]);
  };
  const mock = await startMock({ port: option('port', 8000), units: option('units', 94) });
  console.log(`${mock.address}   token: mock`);
}
