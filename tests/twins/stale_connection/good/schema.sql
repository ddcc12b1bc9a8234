CREATE TABLE notes (
    key text PRIMARY KEY,
    body text NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now()
);
