-- Which version of the model judges from when on.
CREATE TABLE model_activations (
  id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  number     INTEGER NOT NULL REFERENCES models (number),
  version    TEXT NOT NULL,
  from_at    BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  who        TEXT NOT NULL
);
