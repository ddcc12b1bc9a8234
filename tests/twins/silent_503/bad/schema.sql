CREATE TABLE loans (
    id bigserial PRIMARY KEY,
    reference text NOT NULL UNIQUE,
    reader text NOT NULL
);
