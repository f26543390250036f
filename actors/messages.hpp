#pragma once
// The map of the system: every actor, every message. Read this file and you know who says what to whom.
//
//   front ──> customer ──> facility ──> unit ──> inference
//   ingest ──^                           │ judged           (notifier.hpp: writer ──> notifier ──> channels)
//                                        v
//                                      alarm ──> writer ──> feed ──> listeners (WebSocket sessions)
//                                                  └──────> reader (after the commit)
//
// Handles point downward only. Messages stay in the process and are moved, never serialised. A reading counts against
// the admission gate from the moment it enters at `customer` until it is settled by the writer.

#include "core/commit.hpp"
#include "core/detection.hpp"
#include "core/feed.hpp"
#include "core/judged.hpp"
#include "core/result.hpp"
#include "core/unit_judge.hpp"
#include "db/store.hpp"
#include "model/detector.hpp"
#include "net/engine.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace coldvigil::actors {

// --- the way of a reading

/// Readings for units of one customer, and items refused at the border, which go to the writer directly.
struct customer_offer {
  std::vector<std::pair<unit_id, offered>> readings;
  std::vector<settlement> refused;
};
/// The part of an offer that concerns one facility.
struct facility_offer {
  std::vector<std::pair<unit_id, offered>> readings;
};
/// The part that concerns one unit.
struct unit_offer {
  std::vector<offered> readings;
};
/// Judged by the unit, on the way through its alarm book.
using coldvigil::judged;
/// Judged and with its alarms: ready to commit.
struct unit_decision {
  std::optional<unit_run> run;
  std::vector<alarm_transition> transitions;
  std::optional<chunk> sealed;
  std::optional<unit_snapshot> snapshot;
  std::vector<settlement> settlements;
};
/// Answers that need no unit, to be told after the next commit.
struct refusals {
  std::vector<settlement> settlements;
};
/// Commit what has gathered.
struct flush {};
/// Committed frames, in commit order.
struct frames {
  std::vector<std::shared_ptr<feed_frame>> list;
};

/// A listener joins; 0 = all customers.
struct subscription {
  customer_id scope{};
  std::optional<feed_cursor> after{};
  std::weak_ptr<feed_listener> listener{};
};

// --- questions about one unit, answered through their callbacks

struct series_question {
  timestamp from, to;
  std::function<void(result<series>)> done;
};
struct predict_question {
  prediction_query query;
  std::function<void(result<prediction>)> done;
};
struct reconstruct_question {
  std::function<void(result<reconstruction>)> done;
};
/// Which alarms of the unit are open, with their excursions as they stand; on its way the unit adds nothing.
struct open_alarms_question {
  unit_id unit{};
  std::function<void(result<std::vector<alarm_record>>)> done;
};
struct unit_question {
  unit_id unit{};
  std::variant<series_question, predict_question, reconstruct_question, open_alarms_question> what;
};
/// A series on its way: what the unit holds in memory; the sealed part is read after the commit of what is on its way.
struct series_tail {
  point_id point{};
  series_question question;
  series tail;
};
/// A question with the unit's memory, for the detector.
struct predict_job {
  predict_question question;
  std::optional<detector_state> state;
};
struct reconstruct_job {
  reconstruct_question question;
  detector_state state;
};

// --- questions to the store

struct alarms_question {
  alarm_list_query query;
  std::function<void(result<alarm_listing>)> done;
};
struct story_question {
  uuid alarm{};
  std::optional<customer_id> customer{};
  std::function<void(result<alarm_story>)> done;
};
struct courses_question {
  course_query query;
  std::function<void(result<std::vector<alarm_course>>)> done;
};
struct audits_question {
  audit_query query;
  std::function<void(result<std::vector<audit_entry>>)> done;
};
struct head_question {
  std::function<void(result<std::optional<chain_head>>)> done;
};
/// Joins the check of the record, or starts one.
struct check_question {
  std::function<void(result<record_check>)> done;
};
/// The next step of the check, behind whatever else waits.
struct check_step {};
struct deliveries_question {
  delivery_query query;
  std::function<void(result<std::vector<delivery_record>>)> done;
};
struct self_tests_question {
  std::size_t limit = 100;
  std::function<void(result<std::vector<self_test>>)> done;
};
struct rejects_question {
  reject_query query;
  std::function<void(result<std::vector<rejected_reading>>)> done;
};
struct polls_question {
  poll_query query;
  std::function<void(result<std::vector<poll_record>>)> done;
};

// --- what people decide (actors/desk), answered after the commit

struct alarm_said {
  alarm_word word;
  std::function<void(result<alarm_story>)> done;
};
/// Somebody acknowledges alarms by the link of a message (actors/link_desk).
struct link_pressed {
  std::vector<alarm_word> words;
  std::function<void(result<link_outcome>)> done;
};
struct service_changed {
  service_change change;
  std::function<void(status)> done;
};
struct rules_changed {
  place_rules wanted;
  std::function<void(result<std::vector<rule_record>>)> done;
};

// --- Coldvigil itself

/// Alarms of Coldvigil itself to be recorded and told.
struct system_news {
  std::vector<system_alarm> alarms;
  std::vector<audit_entry> audits;
  std::vector<alarm_notice> notices;
  /// After the commit, or when it fails: what cannot be stored now is kept and stored later. May be empty.
  std::function<void(status)> done{};
};
/// Somebody has seen one of them. Answered like the news that it makes.
struct system_alarm_seen {
  uuid alarm{};
  std::optional<customer_id> customer{}; ///< nothing = any
  std::string who, reason;
  std::function<void(result<system_alarm>)> done;
  bool keep_reason = false; ///< although somebody else was first: in the audit trail
};

// --- the registry

/// A unit comes to life: registered just now, or recovered with where it stood.
struct unit_arrival {
  unit_record unit;
  std::optional<unit_snapshot> snapshot{};
  std::vector<alarm_record> alarms{};
  std::optional<alarm_id> newest_alarm{};
  [[nodiscard]] bool has_open_alarm() const {
    return std::any_of(alarms.begin(), alarms.end(), [](const alarm_record& each) { return each.open(); });
  }
};
/// Make sure that these units are registered.
struct registration_request {
  std::vector<unit_description> units;
  bool allowed = false;      ///< whether unknown ones may be registered
  std::size_t max_units = 0; ///< of the whole customer
  std::string who, why;      ///< for the audit trail
};
/// By unit code, all that are known now, whether registered before or just now; a unit that is missing here is refused.
struct registered_units {
  bool complete = true; ///< false: the store failed, and units may be missing that should be there
  std::vector<std::pair<std::string, unit_id>> units;
};
struct store_registration {
  std::vector<unit_registration> units;
};
struct registration_answer {
  std::shared_ptr<const result<std::vector<registered_unit>>> units;
};

/// Something else that only the writer may do with the store, such as keeping tokens.
struct store_work {
  std::function<status(store&)> work;
};
struct store_answer {
  std::shared_ptr<const status> outcome;
};

// --- models

/// Another version warms up beside the present one and judges what is measured from then on.
struct model_takeover {
  std::shared_ptr<detector> next;
  std::uint16_t number = 0;
  timestamp from{};
};

// --- time

/// The tick of a facility, and of its alarm books: never one a unit.
struct tick {};
/// Asks a unit to save what it has kept in memory for long.
struct save_quiet {
  timestamp now;
};

// --- polling

struct poll_now {
  std::uint64_t round = 0; ///< an old round's timer is ignored
};
/// The answer of a customer's endpoint.
struct fetched {
  std::uint64_t round = 0;
  std::shared_ptr<const result<std::string>> body;
};
/// Every item of a poll is settled.
struct poll_settled {
  std::uint64_t round = 0;
  std::vector<item_result> results;
};
struct stop {};

// --- the actors

/// Runs the detector in micro-batches on a thread of its own.
using inference_actor = caf::typed_actor<caf::replies_to<detect_request>::with<detect_answer>, //
                                         caf::reacts_to<predict_job>,                          //
                                         caf::reacts_to<reconstruct_job>,                      //
                                         caf::reacts_to<model_takeover>,                       //
                                         caf::reacts_to<flush>>;

/// Looks now and then whether another model shall judge (model_keeper.hpp).
using model_actor = caf::typed_actor<caf::reacts_to<tick>>;

/// Reads the store on a thread of its own.
using reader_actor = caf::typed_actor<caf::reacts_to<series_tail>,         //
                                      caf::reacts_to<alarms_question>,     //
                                      caf::reacts_to<story_question>,      //
                                      caf::reacts_to<courses_question>,    //
                                      caf::reacts_to<rejects_question>,    //
                                      caf::reacts_to<polls_question>,      //
                                      caf::reacts_to<audits_question>,     //
                                      caf::reacts_to<deliveries_question>, //
                                      caf::reacts_to<self_tests_question>, //
                                      caf::reacts_to<head_question>,       //
                                      caf::reacts_to<check_question>,      //
                                      caf::reacts_to<check_step>>;

/// Numbers nothing, decides nothing: keeps a ring of what was committed and tells listeners.
using feed_actor = caf::typed_actor<caf::reacts_to<frames>, //
                                    caf::reacts_to<subscription>>;

/// The only one that writes to the store: one transaction for all that has gathered, then the answers.
using writer_actor = caf::typed_actor<caf::reacts_to<unit_decision>,                                  //
                                      caf::reacts_to<refusals>,                                       //
                                      caf::reacts_to<poll_record>,                                    //
                                      caf::reacts_to<series_tail>,                                    //
                                      caf::reacts_to<alarm_said>,                                     //
                                      caf::reacts_to<link_pressed>,                                   //
                                      caf::reacts_to<service_changed>,                                //
                                      caf::reacts_to<rules_changed>,                                  //
                                      caf::reacts_to<system_news>,                                    //
                                      caf::replies_to<store_registration>::with<registration_answer>, //
                                      caf::replies_to<store_work>::with<store_answer>,                //
                                      caf::reacts_to<flush>,                                          //
                                      caf::replies_to<stop>::with<bool>>;

/// The alarm books of a facility's units.
using alarm_actor = caf::typed_actor<caf::reacts_to<unit_arrival>,         //
                                     caf::reacts_to<judged>,               //
                                     caf::reacts_to<series_tail>,          //
                                     caf::reacts_to<open_alarms_question>, //
                                     caf::reacts_to<tick>>;

/// One storage unit.
using unit_actor = caf::typed_actor<caf::reacts_to<unit_offer>,    //
                                    caf::reacts_to<unit_question>, //
                                    caf::reacts_to<save_quiet>>;

/// The units of one facility, and their tick.
using facility_actor = caf::typed_actor<caf::reacts_to<facility_offer>, //
                                        caf::reacts_to<unit_question>,  //
                                        caf::reacts_to<unit_arrival>,   //
                                        caf::reacts_to<tick>>;

/// The facilities of one customer, and who may join them.
using customer_actor = caf::typed_actor<caf::reacts_to<customer_offer>, //
                                        caf::reacts_to<unit_question>,  //
                                        caf::reacts_to<unit_arrival>,   //
                                        caf::replies_to<registration_request>::with<registered_units>>;

/// Polls one customer's endpoint.
using ingest_actor = caf::typed_actor<caf::reacts_to<poll_now>,     //
                                      caf::reacts_to<fetched>,      //
                                      caf::reacts_to<poll_settled>, //
                                      caf::replies_to<stop>::with<bool>>;

/// Looks at Coldvigil itself and at common causes.
using system_watcher_actor = caf::typed_actor<caf::reacts_to<tick>, //
                                              caf::reacts_to<system_alarm_seen>>;

/// Owns the server that faces the network.
using front_actor = caf::typed_actor<caf::replies_to<stop>::with<bool>>;

} // namespace coldvigil::actors

#define COLDVIGIL_MESSAGE(type) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(type)
COLDVIGIL_MESSAGE(coldvigil::actors::customer_offer)
COLDVIGIL_MESSAGE(coldvigil::actors::facility_offer)
COLDVIGIL_MESSAGE(coldvigil::actors::unit_offer)
COLDVIGIL_MESSAGE(coldvigil::judged)
COLDVIGIL_MESSAGE(coldvigil::actors::unit_decision)
COLDVIGIL_MESSAGE(coldvigil::actors::refusals)
COLDVIGIL_MESSAGE(coldvigil::actors::flush)
COLDVIGIL_MESSAGE(coldvigil::actors::frames)
COLDVIGIL_MESSAGE(coldvigil::actors::unit_question)
COLDVIGIL_MESSAGE(coldvigil::actors::series_tail)
COLDVIGIL_MESSAGE(coldvigil::actors::predict_job)
COLDVIGIL_MESSAGE(coldvigil::actors::reconstruct_job)
COLDVIGIL_MESSAGE(coldvigil::actors::alarms_question)
COLDVIGIL_MESSAGE(coldvigil::actors::story_question)
COLDVIGIL_MESSAGE(coldvigil::actors::courses_question)
COLDVIGIL_MESSAGE(coldvigil::actors::open_alarms_question)
COLDVIGIL_MESSAGE(coldvigil::actors::alarm_said)
COLDVIGIL_MESSAGE(coldvigil::actors::link_pressed)
COLDVIGIL_MESSAGE(coldvigil::actors::service_changed)
COLDVIGIL_MESSAGE(coldvigil::actors::rules_changed)
COLDVIGIL_MESSAGE(coldvigil::actors::system_news)
COLDVIGIL_MESSAGE(coldvigil::actors::system_alarm_seen)
COLDVIGIL_MESSAGE(coldvigil::actors::rejects_question)
COLDVIGIL_MESSAGE(coldvigil::actors::polls_question)
COLDVIGIL_MESSAGE(coldvigil::actors::audits_question)
COLDVIGIL_MESSAGE(coldvigil::actors::deliveries_question)
COLDVIGIL_MESSAGE(coldvigil::actors::self_tests_question)
COLDVIGIL_MESSAGE(coldvigil::actors::head_question)
COLDVIGIL_MESSAGE(coldvigil::actors::check_question)
COLDVIGIL_MESSAGE(coldvigil::actors::check_step)
COLDVIGIL_MESSAGE(coldvigil::actors::unit_arrival)
COLDVIGIL_MESSAGE(coldvigil::actors::registration_request)
COLDVIGIL_MESSAGE(coldvigil::actors::registered_units)
COLDVIGIL_MESSAGE(coldvigil::actors::store_registration)
COLDVIGIL_MESSAGE(coldvigil::actors::registration_answer)
COLDVIGIL_MESSAGE(coldvigil::actors::store_work)
COLDVIGIL_MESSAGE(coldvigil::actors::store_answer)
COLDVIGIL_MESSAGE(coldvigil::actors::model_takeover)
COLDVIGIL_MESSAGE(coldvigil::actors::tick)
COLDVIGIL_MESSAGE(coldvigil::actors::save_quiet)
COLDVIGIL_MESSAGE(coldvigil::actors::poll_now)
COLDVIGIL_MESSAGE(coldvigil::actors::fetched)
COLDVIGIL_MESSAGE(coldvigil::actors::poll_settled)
COLDVIGIL_MESSAGE(coldvigil::actors::stop)
COLDVIGIL_MESSAGE(coldvigil::detect_request)
COLDVIGIL_MESSAGE(coldvigil::detect_answer)
COLDVIGIL_MESSAGE(coldvigil::poll_record)
COLDVIGIL_MESSAGE(coldvigil::actors::subscription)
#undef COLDVIGIL_MESSAGE
