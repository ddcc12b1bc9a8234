CREATE TABLE users (
    id bigserial PRIMARY KEY,
    email text NOT NULL UNIQUE,
    welcomed boolean NOT NULL DEFAULT false
);
