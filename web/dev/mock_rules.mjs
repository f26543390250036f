// Rules of the mock's units: the program's own, those of one facility, and what is changed by the page.

const tolerance = 300_000; // a change counts for readings measured so much later
const message = (detail, pointer) => ({ detail: 'invalid', errors: [{ pointer, detail }] });

export function mockRules() {
  const own = new Map(); // by unit: revisions, the newest last
  let made = 200;

  const program = (unit) => [
    { id: 1, kind: 'low_limit', level: 'critical', name: '', side: 'below', limit: unit.low_c, unit: 'C', gaps: 'bridge', max_gap_seconds: 15, scope: 'program' },
    { id: 2, kind: 'high_limit', level: 'critical', name: '', side: 'above', limit: unit.high_c, unit: 'C', gaps: 'bridge', max_gap_seconds: 15, scope: 'program' },
    { id: 3, kind: 'model_persistence', level: 'warning', name: '', score_limit: 1, gaps: 'bridge', off_delay_seconds: 600, max_gap_seconds: 15, scope: 'program' },
  ];
  const whose = (unit) => ({ scope: 'facility', place: unit.facility_code, customer_code: unit.customer_code, off: false, revision: 7, from: '2026-03-02T08:00:00Z', changed_at: '2026-03-02T07:55:00Z' });
  /** Two of one sort, as profiles have them, and a warning when nothing is heard. */
  const ofFacility = (unit) =>
    unit.facility_code !== 'facility_B_2' ? [] : [
      { id: 150, kind: 'high_limit', level: 'critical', name: 'above 8 °C for more than 24 h', side: 'above', limit: 8, unit: 'C', gaps: 'pause', on_delay_seconds: 86_400, max_gap_seconds: 15, ...whose(unit) },
      { id: 151, kind: 'high_limit', level: 'critical', name: 'above 15 °C', side: 'above', limit: 15, unit: 'C', gaps: 'pause', max_gap_seconds: 15, ...whose(unit) },
      { id: 152, kind: 'no_data', level: 'warning', name: 'no data', silent_after_seconds: 900, ...whose(unit) },
    ];
  const revisions = (unit) => own.get(unit.id) ?? [];
  const newest = (unit) => revisions(unit).at(-1) ?? { revision: 0, from: 0, rules: [] };
  const sort = (rule) => `${rule.kind} ${rule.level}`;
  function judging(unit, at) {
    const mine = revisions(unit).filter((each) => each.from <= at).at(-1)?.rules ?? [];
    const near = new Set(mine.map(sort));
    const facility = ofFacility(unit).filter((rule) => !near.has(sort(rule)));
    facility.forEach((rule) => near.add(sort(rule)));
    return [...program(unit).filter((rule) => !near.has(sort(rule))), ...facility, ...mine.filter((rule) => !rule.off)];
  }
  function change(unit, rules) {
    const [from, revision] = [Date.now() + tolerance, newest(unit).revision + 1];
    const placed = { scope: 'unit', place: unit.unit_code, customer_code: unit.customer_code, revision, from: new Date(from).toISOString(), changed_at: new Date().toISOString() };
    const stored = rules.map((rule) => ({ off: false, ...rule, id: rule.id ?? ++made, ...placed }));
    const changed = stored.length > 0 ? stored : newest(unit).rules.map((rule) => ({ ...rule, ...placed }));
    own.set(unit.id, [...revisions(unit), { revision, from, rules: stored }]);
    return { changed: changed.map((rule) => ({ removed: stored.length === 0, rule })), revision };
  }

  /** Status and body of what is asked of `/api/v1/rules...`. */
  function answer(method, path, query, body, match, unit) {
    if (path[1] === 'profiles')
      return [200, [{ name: 'usp_cct', title: 'USP controlled cold temperature', rules: [{ id: 1, kind: 'high_limit', level: 'critical', name: 'above 8 °C for more than 24 h', limit: 8, unit: 'C', on_delay_seconds: 86_400 }, { id: 2, kind: 'no_data', level: 'warning', name: 'no data' }] }]];
    if (path[1] === 'preview') {
      const bad = (body.rules ?? []).findIndex((rule) => rule.deadband > 100);
      if (bad >= 0) return [422, message('the deadband is not between 0 and 100 K', `#/rules/${bad}/deadband`)];
      return [200, { from: new Date(Date.now() - 90 * 86_400_000).toISOString(), to: new Date().toISOString(), readings: 25920, appear: 4, vanish: 1, merge: 0, split: 0, per_month: { now: 1.7, then: 2.7 } }];
    }
    if (path.length === 1) {
      const at = query.get('at') ? Date.parse(query.get('at')) : Date.now();
      const next = revisions(unit).find((each) => each.from > at);
      return [200, { unit_id: unit.id, rules: judging(unit, at), next_change: next ? new Date(next.from).toISOString() : null }];
    }
    const { rules, revision } = newest(unit);
    if (method === 'GET') return [200, { rules, revision }];
    if (match !== `"${revision}"`) return [412, { detail: `somebody changed it meanwhile, now at revision ${revision}` }];
    if (/forbidden/.test(body.reason)) return [422, message('has words that are not allowed', '#/reason')];
    return [200, change(unit, method === 'DELETE' ? [] : body.rules)];
  }
  return { answer, change };
}
