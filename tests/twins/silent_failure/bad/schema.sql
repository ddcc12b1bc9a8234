CREATE TABLE notes (
    id bigserial PRIMARY KEY,
    reference text NOT NULL UNIQUE,
    body text NOT NULL
);
