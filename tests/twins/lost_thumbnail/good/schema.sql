CREATE TABLE uploads (
    id bigserial PRIMARY KEY,
    reference text NOT NULL UNIQUE,
    name text NOT NULL
);
