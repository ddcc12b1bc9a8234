CREATE TABLE votes (
    id bigserial PRIMARY KEY,
    ballot text NOT NULL UNIQUE,
    choice text NOT NULL
);
