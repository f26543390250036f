#pragma once
// How the detector learns and judges: constants of the method, chosen on simulated fleets (docs/detection.md).

namespace coldvigil {

struct course_rules {
  double memory_days = 14;  ///< of what is usual
  double worst_days = 10.5; ///< of a unit's own worst of six hours
  double profile_days = 10;
  double least_spread = 0.15;    ///< K
  double young_hours = 24;       ///< before that there is no score
  double trusted_days = 7;       ///< until then the score is damped more
  double trusted_share = 0.925;  ///< of the score that counts then
  double settled_days = 16;      ///< from then on estimates become no narrower,
  double settled_share = 0.84;   ///< and so much of the score counts
  double frozen_days = 3;        ///< an episode that lasts longer is the new usual
  double longest_opening_h = 3;  ///< hard caps: what lasts longer
  double warmest_opening_k = 25; ///< or is warmer than this above the usual is no opening of a door
  double own_share = 0.5;        ///< of the unit's own covariance
  bool with_shapes = true;       ///< without, the network of fault shapes says nothing: it is being trained
};

} // namespace coldvigil
