-- Which version of the model judges from when on.
CREATE TABLE model_activations (
  id         INTEGER PRIMARY KEY,
  number     INTEGER NOT NULL REFERENCES models (number),
  version    TEXT NOT NULL,
  from_at    INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  who        TEXT NOT NULL
);
