CREATE TABLE lists (
    id bigserial PRIMARY KEY,
    slug text NOT NULL UNIQUE,
    readers integer NOT NULL DEFAULT 0
);
INSERT INTO lists (slug) VALUES ('news');
CREATE TABLE readers (
    id bigserial PRIMARY KEY,
    list_id bigint NOT NULL REFERENCES lists,
    email text NOT NULL,
    since timestamptz NOT NULL,
    UNIQUE (list_id, email)
);
